"""Run as a program: has imported `baton`, and parts into a process for each command that is asked for.

Importing is nine tenths of what most commands take. It changes nothing outside (tests/test_architecture.py watches it),
so what parts from here and then runs `python -m bot` is like one that began by itself: its own arguments, variables,
folder, output and signals, and `kill -9` ends it. Not for what is to prove that Baton starts. Asked by
tests/commands.py.
"""

import gc
import json
import os
import runpy
import socket
import sys

import bot.cli
import storage.upgrading  # noqa: F401 -- commands that migrate would each import Alembic

ENTRY = bot.cli.__name__.partition(".")[0]


def main(asked: socket.socket) -> None:
    """Begin a command for each four descriptors that come: the order, where to say how it goes, output and errors."""
    gc.freeze()  # looking through all that was imported would copy it into every process
    while True:
        _, descriptors, *_ = socket.recv_fds(asked, 1, 4)
        if not descriptors:
            return
        if os.fork() == 0:
            asked.close()
            attend(*descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        reap()


def attend(order: int, report: int, output: int, errors: int) -> None:
    """Part again, and stay to say the number of the command and how it ended. Returns in the command, at its end."""
    number = os.fork()
    if number == 0:
        os.close(report)
        become(order, output, errors)
        return
    for descriptor in (order, output, errors):
        os.close(descriptor)
    os.write(report, f"{number}\n".encode())
    _, how = os.waitpid(number, 0)
    os.write(report, f"{os.waitstatus_to_exitcode(how)}\n".encode())
    os._exit(0)


def become(order: int, output: int, errors: int) -> None:
    """Be the command."""
    with open(order, encoding="utf-8") as told:
        words, variables, folder = json.load(told)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    os.close(output)
    os.close(errors)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    sys.argv[1:] = words
    runpy.run_module(ENTRY, run_name="__main__", alter_sys=True)


def reap() -> None:
    """Let go of those that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
