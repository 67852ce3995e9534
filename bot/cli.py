"""The command `baton`. Exit 0: fine. 1: it says what is wrong. 2: misuse."""

import errno
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from bot import demo as demos
from bot import exporting, forgetting, ladders, standing
from bot.config import load_handbook, without_effect
from bot.logs import set_up_logs
from bot.operations import LATE
from bot.settings import database_address, load_settings
from bot.wiring import Baton, bring_up_to_date, utc_now, workshop
from handoff.errors import BatonError, ConfigError

cli = typer.Typer(
    help="Baton carries a customer from the team that sold to the team that delivers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn what a person must mend into text on standard error and exit 1; never a traceback."""
    try:
        yield
    except BatonError as e:
        typer.echo(str(e), err=True)
        raise typer.Exit(1) from None


def bind(host: str, port: int, variable: str) -> socket.socket:
    """A listening socket.

    Raises:
        ConfigError: the port is in use, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, asyncio sends each answer at once; else it waits up to 40 ms for the peer to have the first half.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1024)
    except OSError as e:
        listening.close()
        taken = e.errno in (errno.EADDRINUSE, errno.EACCES)
        cure = f"{variable} to another port" if taken else "BATON_HOST to an address of this machine"
        raise ConfigError(f"Cannot listen on {host}:{port} ({e.strerror}). Set {cure}.") from e
    return listening


@cli.command()
def run() -> None:
    """Run everything in one process: listen to Slack and the CRM, ask, brief, remind."""
    with one_sentence():
        settings = load_settings(whole=True)
        set_up_logs(settings.log_format)
        signal.signal(signal.SIGTERM, _end)
        listening = bind(settings.host, settings.port, "BATON_PORT")
        baton = Baton(settings)
        try:
            baton.start()
            gc.freeze()  # going through all that stays for good would hold up everybody for a tenth of a second
            typer.echo(f"Baton is running on http://{settings.host}:{listening.getsockname()[1]}", err=True)
            server = uvicorn.Server(
                uvicorn.Config(
                    baton.web,
                    log_config=None,
                    access_log=False,
                    limit_concurrency=2000,
                    timeout_graceful_shutdown=3,
                    timeout_keep_alive=75,  # longer than proxies keep a connection: five seconds cost them requests
                    server_header=False,
                    proxy_headers=False,  # nobody asks where a request came from: what counts is its signature
                )
            )
            server.run(sockets=[listening])
        finally:
            baton.stop()


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _end(*_: object) -> None:
    """End as if by itself, so that what is in hand is finished; the server raises the signal again when it has."""
    raise SystemExit(0)


@cli.command()
def status(name: Annotated[str, typer.Argument(help="A customer's name, or how it begins.")] = "") -> None:
    """Show where the open handoffs stand: who is waited for, and for how long. Baton may run beside it."""
    with one_sentence(), workshop(load_settings()) as store:
        for text in standing.lines(store, name, utc_now()):
            typer.echo(text)


@cli.command()
def migrate() -> None:
    """Bring the database up to date, as a newer Baton does when it starts. Older replicas step aside then; stop 0.1.0
    before.
    """
    with one_sentence():
        typer.echo(bring_up_to_date(database_address()))


@cli.command()
def problems(
    retry: Annotated[str | None, typer.Option(help="The id of something given up, to be tried again.")] = None,
) -> None:
    """Show what needs a person: what was given up, and what is due and does not move."""
    with one_sentence():
        settings = load_settings()
        with workshop(settings) as store:
            now = utc_now()
            if retry is not None:
                if not store.revive(retry, now):
                    raise ConfigError(f"There is nothing given up with the id {retry}. See: baton problems")
                typer.echo(f"{retry} is due again; the running Baton takes it within a second.")
                return
            found = store.problems(now - LATE, 100)
            for problem in found:
                state = "given up" if problem.is_dead else "overdue"
                typer.echo(
                    f"{problem.id}  {problem.what}  {problem.subject}  {state} since {problem.since:%d %b %H:%M} UTC"
                )
                typer.echo(f"    {problem.why or 'nobody works on it: is Baton running?'}")
            typer.echo(f"{_count(len(found), 'problem')}." if found else "No problems.")


@cli.command()
def export(
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output if left out.")] = None,
    handoff: Annotated[str | None, typer.Option(help="Only this handoff, by its id.")] = None,
    record: Annotated[str | None, typer.Option(help="Only this record, such as hubspot:deal:123.")] = None,
    since: Annotated[str, typer.Option(help="Only what happened since, such as 2026-03-01 or 2026-03-06T16:00.")] = "",
    *,
    answers: Annotated[bool, typer.Option("--answers", help="With what people and the CRM said.")] = False,
) -> None:
    """Write everything that happened as JSON Lines: who, what, when (UTC), from where. Baton may run beside it."""
    with one_sentence():
        begin = ladders.moment(since, "UTC", utc_now()) if since else None
        with workshop(load_settings()) as store:
            events = store.story(handoff=handoff, record=record, since=begin)
            if not exporting.write(exporting.lines(events, store, answers=answers), out):
                typer.echo("Nothing was exported: nothing is known of what you asked for.", err=True)


@cli.command()
def forget(
    record: Annotated[str | None, typer.Option(help="A record, such as hubspot:deal:123.")] = None,
    person: Annotated[str | None, typer.Option(help="A person, by their e-mail address.")] = None,
    name: Annotated[list[str] | None, typer.Option(help="A name of that person; may be given again.")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a record or a person: in the database, and in what Baton posted. This cannot be undone."""
    if (record is None) == (person is None) or (name and person is None):
        raise typer.BadParameter("Say what to forget with --record, or with --person and perhaps --name.")
    with one_sentence(), workshop(load_settings()) as store:
        task = forgetting.task(store, record, person, name or ())
        typer.echo(forgetting.outlook(store, task, utc_now()))
        if not dry_run:  # also if nothing is found: an earlier try may have stopped before the file was written anew
            if not yes:
                typer.confirm("Forget it? This cannot be undone.", abort=True)
            typer.echo(forgetting.carry_out(store, task, utc_now()))


@cli.command()
def check(
    config: Annotated[
        str, typer.Option(envvar="BATON_CONFIG", help="The file with your workflows, or a folder of them.")
    ] = "handoffs.yml",
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Check the config only; ask nobody.")] = False,
) -> None:
    """Check handoffs.yml; without --offline also the settings, the database and Slack's token."""
    with one_sentence():
        handbook = load_handbook(config)
        names = ", ".join(handbook.workflows)
        typer.echo(f"{config} is fine: {_count(len(handbook.workflows), 'workflow')}: {names}.")
        for note in without_effect(handbook):
            typer.echo(f"Note: {note}")
        if not offline:
            baton = Baton(load_settings(whole=True), may_upgrade=False)
            baton.stop()
            typer.echo(f"Settings, database and Slack are fine: workspace {baton.flow.workspace}.")


@cli.command()
def ladder(
    workflow: Annotated[str, typer.Argument(help="The name of a workflow in the config.")],
    config: Annotated[
        str, typer.Option(envvar="BATON_CONFIG", help="The file with your workflows, or a folder of them.")
    ] = "handoffs.yml",
    at: Annotated[str, typer.Option(help="From when, such as 2026-03-06T16:00; now if left out.")] = "",
    zone: Annotated[str, typer.Option(help="The person's time zone; the workflow's if left out.")] = "",
    person: Annotated[str, typer.Option(help="Their e-mail address, for what the config says of them.")] = "",
) -> None:
    """Print when each reminder would fall for somebody who is waited for from a moment on."""
    with one_sentence():
        workflows = load_handbook(config).workflows
        if workflow not in workflows:
            raise ConfigError(f"{config} has no workflow {workflow!r}. It has: {', '.join(workflows)}.")
        named = zone or workflows[workflow].defaults.time_zone
        for text in ladders.lines(workflows[workflow], ladders.moment(at, named, utc_now()), named, person or None):
            typer.echo(text)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the page.")] = 4200,
    config: Annotated[str, typer.Option(help="The workflows to show.")] = "handoffs.yml",
    *,
    story: Annotated[bool, typer.Option("--story", help="Play the whole story here, without a browser.")] = False,
) -> None:
    """Try Baton without any account: a local Slack and a toy CRM in the browser, the real bot between them."""
    with one_sentence():
        if story:
            raise typer.Exit(demos.story(config, speed=3600))
        demos.demo(port, config, speed=60)


def main() -> None:
    """The entry point."""
    cli(prog_name="baton")
