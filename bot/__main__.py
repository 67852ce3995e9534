"""`python -m bot` is `baton`."""

from bot.cli import main

if __name__ == "__main__":
    main()
