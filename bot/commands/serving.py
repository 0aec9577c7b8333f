"""Commands that serve: serve, demo."""

import signal
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.common import announce, err, fail, out, settings

if TYPE_CHECKING:
    from bot.app import Helpdesk
    from bot.settings import Settings
    from desk.accounts.accounts import Accounts
    from retrieval.publishing.files import Indexer

Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="LAOFASHI_HOST or 127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.", show_default="LAOFASHI_PORT or 8700")]

DEMO_QUESTIONS = "店面是转租来的，办食品经营许可要什么材料？|居住证怎么办？|70 岁老人在社区食堂吃饭补贴多少？"
DEMO_ACCOUNTS = (("laofashi", "演示老法师", "specialist"), ("admin", "演示管理员", "administrator"))


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(serve)
    app.command()(demo)


def serve(host: Host = None, port: Port = None) -> None:
    """Serve applicants, specialists and administrators until interrupted."""
    _run(_overridden(host, port), prepare=lambda helpdesk: [])


def demo(host: Host = None, port: Port = None) -> None:
    """Serve with the sample documents and two demo accounts, whose one-time passwords are printed once."""
    questions = settings().quick_questions or DEMO_QUESTIONS
    _run(
        _overridden(host, port, quick_questions=questions),
        prepare=lambda made: _demo(made.index_state(), made.indexer, made.accounts),
    )


def _overridden(host: str | None, port: int | None, **more: str) -> "Settings":
    from bot.settings import hand_down

    hand_down(host=host, port=port, **more)
    return settings()


def _run(chosen: "Settings", prepare: Callable[["Helpdesk"], list[str]]) -> None:
    from bot.app import build
    from bot.handover.service import announced
    from bot.operations import logs
    from bot.operations.migrations import migrate
    from knowledge.sandbox.memory import one_arena

    one_arena()
    for stopped in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopped, _stop)
    logs.configure(chosen.log_level)
    helpdesk = build(chosen, announce=announce)
    with announced(chosen.home, chosen.local_url), _listening(chosen) as listener:
        try:
            migrate(helpdesk.engine)
            lines = prepare(helpdesk)
            if chosen.workers == 1:
                _serve(helpdesk, listener, lambda: _announce(chosen, lines))
        finally:
            helpdesk.close()
        if chosen.workers > 1:
            _announce(chosen, lines)
            _serve_many(chosen, listener)


def _stop(number: int, frame: object) -> None:
    """Exit, so that everything open is closed. While serving, uvicorn stops first and then passes the signal on."""
    raise SystemExit(0)


def _listening(chosen: "Settings") -> socket.socket:
    """Open the listening socket before anything else starts. A port in use ends the command."""
    try:
        family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
        return socket.create_server((chosen.host, chosen.port), family=family, backlog=2048)
    except OSError as error:
        fail(f"cannot listen on {chosen.host}:{chosen.port}: {error.strerror}; set LAOFASHI_PORT or use --port")


def _options(chosen: "Settings") -> dict[str, Any]:
    return {
        "log_config": None,
        "access_log": False,
        "ws": "websockets-sansio",
        "ws_max_size": 1_000_000,  # so that a message that is too long gets its sentence instead of a broken socket
        "proxy_headers": True,
        "forwarded_allow_ips": chosen.proxies,
        "server_header": False,
        "timeout_graceful_shutdown": 5,
    }


def _serve(helpdesk: "Helpdesk", listener: socket.socket, started: Callable[[], None]) -> None:
    import uvicorn

    from bot.web import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                started()

    Server(uvicorn.Config(create_app(helpdesk), **_options(helpdesk.settings))).run(sockets=[listener])


def _serve_many(chosen: "Settings", listener: socket.socket) -> None:
    """Serve with several processes on one socket. Each builds its own helpdesk."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config("bot.web:from_environment", factory=True, workers=chosen.workers, **_options(chosen))
    Multiprocess(config, sockets=[listener]).run()


def _announce(chosen: "Settings", lines: list[str]) -> None:
    base = chosen.base_url
    out.print(f"申请人 applicants      {base}/", highlight=False)
    out.print(f"老法师 specialists     {base}/desk", highlight=False)
    out.print(f"管理员 administrators  {base}/admin", highlight=False)
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _index_samples(indexer: "Indexer") -> None:
    from pathlib import Path

    import knowledge
    from bot.handover.requests import IndexRequest
    from bot.handover.work import index_files

    given = IndexRequest((Path(knowledge.__file__).parent / "documents",), "system")
    report = index_files(given, indexer, lambda line: None)
    for failure in report["failures"]:
        err.print(f"{failure['file']}: {failure['reason']}", style="red", markup=False)


def _demo(index_state: str, indexer: "Indexer", accounts: "Accounts") -> list[str]:
    """Add the sample documents and accounts that are missing; return what to tell the person who started it.

    Where something is published already, it is served at once, and the samples are indexed meanwhile.
    """
    from bot.handover.requests import AccountRequest
    from bot.handover.work import account_named, create_account

    if index_state == "empty":
        _index_samples(indexer)
    else:
        threading.Thread(target=_index_samples, args=(indexer,), name="samples", daemon=True).start()
    lines = []
    for name, display_name, role in DEMO_ACCOUNTS:
        if account_named(accounts, name) is None:
            made = create_account(AccountRequest(name, display_name, role), accounts)
            lines.append(f"one-time sign-in ({role}): {name} / {made['password']}")
    return lines or [
        "sign in as laofashi or admin; `laofashi create-account NAME --reset` prints a new one-time password"
    ]
