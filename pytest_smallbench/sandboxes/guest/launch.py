"""What the guest's interpreter is started with; see process/launch.py, its twin on a host."""

import os
import sys
import types

if __name__ == "__main__":
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path = [entry for entry in sys.path if os.path.abspath(entry or ".") != folder]
    package = types.ModuleType("_smallbench")
    package.__path__ = [os.path.dirname(folder)]
    sys.modules["_smallbench"] = package
    from _smallbench.guest import main  # type: ignore[import-not-found]  # see above
    from _smallbench.process import child, program  # type: ignore[import-not-found]  # see above

    try:
        main.main()
    except child.Become as event:
        job = event.job
    start = program.prepare(job.source, job.payload, job.report, job.cwd)
    program.forget([name for name in sys.modules if name.startswith("_smallbench")])
    for name in ("child", "folder", "job", "main", "os", "package", "program", "sys", "types"):
        del globals()[name]
    del name
    start()
