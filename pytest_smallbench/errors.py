"""Every exception that this package raises on purpose.

SmallbenchError
├── UsageMistake              the user can mend it: one line, exit status 4
├── Unresolved                the agent's own end without a solution: a verdict
└── InfrastructureError       no verdict was possible, through no fault of the agent
    ├── SandboxError          a sandbox could not do what was asked of it
    │   └── SandboxUnavailable    this back cannot work on this machine at all
    ├── GradingError          the grader itself could not come to a verdict
    └── ModelError            the model's endpoint gave no answer
        ├── ModelMisconfigured    no retry can mend it: the whole run stops
        └── CassetteMiss          a request that the recording to replay does not hold

LimitReached (BaseException)  a limit of the attempt; not to be caught by agents
BudgetSpent (BaseException)   the run's money is spent: no verdict, and no failure
"""

from __future__ import annotations


class SmallbenchError(Exception):
    """The root: whatever this package raises on purpose, but for LimitReached."""


class UsageMistake(SmallbenchError):
    """A wrong option, file or set-up. The message is one line: what, where, what to do."""


class Unresolved(SmallbenchError):
    """The agent ended without a solution (context length, refusal, its own exception).

    ``reply`` is the contracts.Reply that a model refused in, where there was one: what it
    used counts like that of any other.
    """

    reply: object = None


class InfrastructureError(SmallbenchError):
    """No verdict was possible, and the agent is not to blame: reported as an error."""


class SandboxError(InfrastructureError):
    """The sandbox failed: its broker or container died, or refused a request."""


class SandboxUnavailable(SandboxError):
    """This back cannot run on this machine; the message says what to do instead."""


class GradingError(InfrastructureError):
    """The grader could not come to a verdict, whatever the solution is worth."""


class ModelError(InfrastructureError):
    """The endpoint gave no usable answer after all retries (rate limit, server, time-out)."""


class ModelMisconfigured(ModelError):
    """Authentication, unknown model or a request refused for its form: stops the run."""


class CassetteMiss(ModelError):
    """A replay has no answer: the request was not recorded, or the recording is broken."""


class LimitReached(BaseException):
    """A limit of the attempt (steps, tokens, time) was reached.

    Not an ``Exception``, so that an agent's ``except Exception`` does not swallow it.
    """


class BudgetSpent(BaseException):
    """The run's budget allows no further model call: the attempt counts as not run.

    Not an ``Exception``, for the reason that LimitReached is none.
    """
