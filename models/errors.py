"""Every error Gensvar raises on purpose, in one tree.

Error
├── UserError            one sentence for the person at the keyboard, never a traceback
│   ├── SettingsError    config.toml or the environment
│   ├── StoreError       the database cannot be used as it is (exit code 3)
│   ├── ModelError       the model cannot be loaded (Unreadable: cannot read a text)
│   ├── NotFound         no such mention, reply, file ...
│   └── Refused          asked for, understood, and not done (exit code 3)
├── LeaseLost            another worker has taken over; our write was rolled back
└── ChannelError         what a network answered, in the words of the base class
    ├── Unsupported      this network or plan has no such thing
    ├── Unavailable      nothing was taken; try again later
    ├── RateLimited      nothing was taken; try again after `retry_after` seconds
    ├── SignedOut        nothing was taken; a person must sign in again
    ├── Rejected         a definite no; trying again cannot help
    └── Uncertain        the call may or may not have landed
"""


class Error(Exception):
    """Root of the tree."""


class UserError(Error):
    """Shown as one sentence; the traceback is not the user's business."""


class SettingsError(UserError):
    """A setting is missing, unknown or wrong."""


class StoreError(UserError):
    """The database is newer, damaged, read-only, full or busy."""


class NoDatabase(StoreError):
    """There is none at the address yet."""


class ModelError(UserError):
    """The model cannot be loaded."""


class Unreadable(ModelError):
    """The model gave no usable answer to a text; another text may do."""


class NotFound(UserError):
    """What was named does not exist."""


class Refused(UserError):
    """Understood, and not done: a rule of the house forbids it."""


class Held(Refused):
    """The reply check keeps a reply back; its text says why and what to do."""


class LeaseLost(Error):
    """Another worker holds the source or the reply now."""


class ChannelError(Error):
    """A network said no, or said nothing."""


class Unsupported(ChannelError):
    """The network, or our plan there, has no such thing; the text says why."""


class Unavailable(ChannelError):
    """Nothing was taken by the network; a later try is safe."""


class CapSpent(Unavailable):
    """Nothing was asked of the network: the day's money is spent."""


class RateLimited(Unavailable):
    """Nothing was taken by the network, which asked us to wait.

    `retry_after` is in seconds.
    """

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SignedOut(Unavailable):
    """Nothing was taken by the network: our key no longer opens it."""


class Rejected(ChannelError):
    """The network's definite no, in its own words."""


class Uncertain(ChannelError):
    """The reply may be public already: never send again without evidence."""
