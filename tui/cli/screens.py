"""Screens: the command line as a module, to be started by this same Python: `python -m chargelore.tui.cli.screens`."""

from chargelore.tui.cli import main

if __name__ == "__main__":
    main()
