"""`python -m bot` is `baton`."""

import gc

gc.disable()  # what is imported stays for good: looking for garbage in it takes an eighth of the start

from bot.cli import main  # noqa: E402 -- the point of the line above

gc.enable()

if __name__ == "__main__":
    main()
