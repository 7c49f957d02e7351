"""The grading environments that come with BCB-Agent: their locks, Pythons and modules.

Data only. What builds them is ``grading_environment.py``; README.md says how a lock is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pytest_smallbench.errors import UsageMistake

FOLDER = Path(__file__).parent

# The minor versions that each lock was resolved for, the first one preferred.
# A lock that is not listed (mini, a user's own) is for whatever Python runs pytest.
PYTHONS: dict[str, tuple[str, ...]] = {
    "reference": ("3.10",),
    "current": ("3.11", "3.12", "3.13"),
}


@dataclass(frozen=True)
class Lock:
    """A file of pinned requirements. ``pythons``: minor versions it is for; empty: any."""

    name: str
    path: Path
    pythons: tuple[str, ...] = ()

    def requirements(self) -> list[str]:
        """The pins, one requirement each, without comments."""
        lines = (line.partition(" #")[0].strip() for line in self.path.read_text().splitlines())
        return [line for line in lines if line and not line.startswith("#")]

    def modules(self) -> list[str]:
        """What must import once it is installed: the modules of the libraries it names."""
        names = {pin.partition("==")[0].partition(";")[0].strip() for pin in self.requirements()}
        wanted = {name.lower().replace("_", "-").replace(".", "-") for name in names}
        return [module for name, module in MODULES.items() if name in wanted]


def find_lock(name: str) -> Lock:
    """A bundled lock by its name, or a file of the user's by its path."""
    bundled = FOLDER / f"{name}.txt"
    if "/" not in name and bundled.is_file():
        return Lock(name, bundled, PYTHONS.get(name, ()))
    path = Path(name).expanduser()
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.txt")))
        raise UsageMistake(f"no grading environment {name!r}: neither a file nor one of {known}")
    return Lock(path.stem, path.absolute())


# Distribution -> the module by which a solution imports it.
MODULES = {
    "beautifulsoup4": "bs4",
    "blake3": "blake3",
    "chardet": "chardet",
    "cryptography": "cryptography.fernet",
    "datetime": "DateTime",
    "django": "django.http",
    "dnspython": "dns.resolver",
    "docxtpl": "docxtpl",
    "faker": "faker",
    "flask": "flask",
    "flask-login": "flask_login",
    "flask-mail": "flask_mail",
    "flask-restful": "flask_restful",
    "flask-wtf": "flask_wtf",
    "folium": "folium",
    "gensim": "gensim",
    "geopandas": "geopandas",
    "geopy": "geopy",
    "holidays": "holidays",
    "keras": "keras",
    "levenshtein": "Levenshtein",
    "librosa": "librosa",
    "lxml": "lxml.etree",
    "matplotlib": "matplotlib.pyplot",
    "mechanize": "mechanize",
    "natsort": "natsort",
    "networkx": "networkx",
    "nltk": "nltk",
    "numba": "numba",
    "numpy": "numpy",
    "opencv-python-headless": "cv2",
    "openpyxl": "openpyxl",
    "pandas": "pandas",
    "pillow": "PIL.Image",
    "prettytable": "prettytable",
    "psutil": "psutil",
    "pycryptodome": "Crypto.Cipher",
    "pyfakefs": "pyfakefs",
    "pyquery": "pyquery",
    "pytesseract": "pytesseract",
    "python-dateutil": "dateutil",
    "python-docx": "docx",
    "python-http-client": "python_http_client",
    "pytz": "pytz",
    "pyyaml": "yaml",
    "regex": "regex",
    "requests": "requests",
    "requests-mock": "requests_mock",
    "rsa": "rsa",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "seaborn": "seaborn",
    "selenium": "selenium.webdriver",
    "sendgrid": "sendgrid",
    "shapely": "shapely",
    "soundfile": "soundfile",
    "statsmodels": "statsmodels.api",
    "sympy": "sympy",
    "tensorflow": "tensorflow",
    "textblob": "textblob",
    "texttable": "texttable",
    "werkzeug": "werkzeug",
    "wikipedia": "wikipedia",
    "wordcloud": "wordcloud",
    "wordninja": "wordninja",
    "wtforms": "wtforms",
    "xlrd": "xlrd",
    "xlwt": "xlwt",
    "xmltodict": "xmltodict",
}

# What the sandbox holds imported, so that a run only forks. A module is here when it saves
# more than it costs: it saves its import to each task that uses it (of the 1,140 tasks 474
# import pandas, 419 numpy, 360 matplotlib, 152 sklearn, 85 scipy, 72 seaborn, 41 requests,
# 39 faker), and costs each run about a quarter of a millisecond for every MiB that it maps. So
# cv2 (10 tasks, 14 MiB) and nltk (26 tasks, 18 MiB) are not, and tensorflow (3 tasks,
# 270 MiB) could not be: it starts threads, which a fork would lose.
PRELOAD = (
    "unittest.mock",
    "doctest",
    "csv",
    "sqlite3",
    "multiprocessing",
    "zipfile",
    "numpy",
    "numpy.testing",
    "pandas",
    "pandas.testing",
    "matplotlib.pyplot",
    "scipy.stats",
    "sklearn.preprocessing",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.metrics",
    "sklearn.decomposition",
    "sklearn.cluster",
    "sklearn.feature_extraction.text",
    "seaborn",
    "requests",
    "faker",
    "matplotlib.backends.backend_agg",
    "pandas.plotting._matplotlib",
)
