"""Every setting of the program, with its default and meaning. Only this module reads the environment."""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.ice import ice_servers

PREFIX = "LAOFASHI_"
UNPREFIXED = ("database_url", "bus_url", "chroma_url")  # names that other programs know too


_PASSWORD = re.compile(r"(//[^:/@]*):[^@]*@")


class SettingsError(ValueError):
    """A setting is wrong. The text says which one, why, and what to do."""


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "laofashi"


def _models_dir() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "laofashi" / "models"


class Settings(BaseModel):
    """The settings; a field `port` is the variable LAOFASHI_PORT."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default_factory=_data_home, description="Folder of everything kept: database, index, uploads.")
    models_dir: Path = Field(default_factory=_models_dir, description="Folder of exported embedding models.")
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8700, ge=1, le=65535, description="Port the service listens on.")
    public_url: str = Field("", description="Address applicants reach the service at, e.g. https://help.example.org.")
    allowed_hosts: str = Field("", description="Further host names the service answers to, separated by commas.")
    embed_origins: str = Field("", description="Sites that may embed the chat widget, separated by spaces.")
    centre: str = Field(
        "", description="When and where the service centre is open and how it is reached, as the bot says it."
    )
    quick_questions: str = Field("", description="Questions offered on an empty chat page, separated by |.")
    proxies: str = Field("127.0.0.1", description="Reverse proxies whose X-Forwarded-For is believed.")
    workers: int = Field(1, ge=1, le=64, description="Serving processes; above 1 all three URLs below must be servers.")

    database_url: str = Field("", description="Database; empty: SQLite in the home folder. Or postgresql://….")
    bus_url: str = Field("", description="Announcements between processes; empty: memory://. Or redis://….")
    chroma_url: str = Field("", description="Chroma server, e.g. http://127.0.0.1:8000; empty: embedded.")

    embedding_model: str = Field(
        "laofashi-e5-small",
        description="Embedding model: the shipped one, a hub name (BAAI/bge-small-zh-v1.5) or a folder.",
    )
    answer_threshold: float | None = Field(
        None, ge=0, le=1, description="Confidence from which the bot answers; empty: the calibrated default."
    )
    llm_url: str = Field("", description="OpenAI-compatible chat model, e.g. http://127.0.0.1:8001/v1; empty: none.")
    llm_model: str = Field("", description="Name of that model.")
    llm_key: SecretStr = Field(SecretStr(""), description="Key of that server.")
    llm_second_opinion: bool = Field(
        False, description="Whether that model is asked again if its sentences follow from their clause."
    )

    telegram_token: SecretStr = Field(SecretStr(""), description="Bot token from @BotFather; empty: Telegram is off.")
    telegram_api: str = Field("https://api.telegram.org", description="Base URL of the Bot API.")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="With PUBLIC_URL: updates come by webhook carrying this secret; empty: polling."
    )

    jitsi_url: str = Field("", description="Jitsi server for shared screens; empty: the built-in room.")
    ice_servers: SecretStr = Field(
        SecretStr(""),
        description="STUN and TURN servers of the built-in room: stun:host,turn:user:password@host or JSON.",
    )
    approval: Literal["none", "second_person"] = Field(
        "none", description="Whether a second administrator has to agree before documents are published."
    )
    upload_limit_mb: int = Field(200, ge=1, le=4096, description="Largest file an administrator may upload, in MB.")
    timezone: str = Field("Asia/Shanghai", description="The office's time zone: where 'today' and closing time are.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone: use a name like Asia/Shanghai") from error
        return name

    @field_validator("public_url", "chroma_url", "llm_url", "jitsi_url", "telegram_api")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        if url and not (url.startswith(("http://", "https://")) and urlsplit(url).hostname):
            raise ValueError("not an address: it must begin with http:// or https://")
        return url

    @field_validator("ice_servers")
    @classmethod
    def _are_ice_servers(cls, given: SecretStr) -> SecretStr:
        ice_servers(given.get_secret_value())
        return given

    @model_validator(mode="after")
    def _several_processes_need_servers(self) -> "Settings":
        if self.workers == 1:
            return self
        wanting = [name for name, ready in self._servers() if not ready]
        if wanting:
            raise ValueError(
                f"{PREFIX}WORKERS={self.workers} needs servers that several processes can share: "
                f"set {', '.join(wanting)}, or set {PREFIX}WORKERS=1"
            )
        return self

    @model_validator(mode="after")
    def _database_is_supported(self) -> "Settings":
        try:
            backend = make_url(self.database).get_backend_name()
        except ArgumentError as error:
            raise ValueError(
                "DATABASE_URL is not a URL: use postgresql://user:password@host/name or leave it empty"
            ) from error
        if backend not in ("sqlite", "postgresql"):
            raise ValueError(f"DATABASE_URL names {backend!r}: use postgresql:// or sqlite:///, or leave it empty")
        if not self.bus.startswith(("memory://", "redis://", "rediss://")):
            raise ValueError("BUS_URL must begin with redis://, rediss:// or memory://")
        return self

    def _servers(self) -> list[tuple[str, bool]]:
        return [
            ("DATABASE_URL (postgresql://…)", not self.database.startswith("sqlite")),
            ("BUS_URL (redis://…)", not self.bus.startswith("memory")),
            ("CHROMA_URL (http://…)", bool(self.chroma_url)),
        ]

    @property
    def database(self) -> str:
        """URL of the database, the SQLite file in `home` by default."""
        return self.database_url or f"sqlite:///{self.home / 'laofashi.db'}"

    @property
    def bus(self) -> str:
        """URL of the bus."""
        return self.bus_url or "memory://"

    @property
    def local_url(self) -> str:
        """Where this machine reaches the service."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def base_url(self) -> str:
        """Where applicants reach the service; links in messages begin with it. No trailing slash."""
        return (self.public_url or self.local_url).rstrip("/")

    @property
    def ice(self) -> tuple[dict[str, Any], ...]:
        """The STUN and TURN servers as browsers take them (RTCIceServer)."""
        return ice_servers(self.ice_servers.get_secret_value())

    @property
    def telegram_by_webhook(self) -> bool:
        """Whether Telegram pushes updates instead of being polled."""
        return bool(self.public_url and self.telegram_webhook_secret.get_secret_value())


def variable(field: str) -> str:
    """Return the name of a field's environment variable."""
    return field.upper() if field in UNPREFIXED else PREFIX + field.upper()


def load_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings from the environment. Raises SettingsError with a sentence that names the variable.

    >>> load_settings({}, port=9000).local_url
    'http://127.0.0.1:9000'
    """
    environment = os.environ if environment is None else environment
    _refuse_unknown(environment)
    try:
        return Settings(**{**_given(environment), **overrides})
    except ValidationError as error:
        raise SettingsError(_sentences(error)) from error


def hand_down(**values: Any) -> None:
    """Put options of a command into the environment, so that further serving processes read them too. Skip None."""
    for name, value in values.items():
        if value is not None:
            os.environ[variable(name)] = str(value)


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    fields = {field: environment.get(variable(field), "") for field in Settings.model_fields}
    return {field: value for field, value in fields.items() if value}


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {variable(field) for field in Settings.model_fields}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            bare = name.removeprefix(PREFIX)
            near = [bare] if bare in known else difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else "`laofashi settings` lists them all."
            raise SettingsError(f"{name} is not a setting: {hint}")


def _sentences(error: ValidationError) -> str:
    return "; ".join(_sentence(each["loc"], each["msg"], each.get("input")) for each in error.errors())


def _sentence(place: tuple[int | str, ...], problem: str, value: object) -> str:
    problem = problem.removeprefix("Value error, ")
    if not place:
        return problem
    name = str(place[0])
    secret = Settings.model_fields[name].annotation is SecretStr if name in Settings.model_fields else True
    return f"{variable(name.lower())}{'' if secret else f'={value!s}'} is wrong: {problem}"


def described(settings: Settings | None = None) -> list[tuple[str, str, str]]:
    """Return (variable, default or present value, meaning) of every setting. Secrets are shown as ***."""
    return [
        (variable(name), _shown(name, field, settings), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _shown(name: str, field: FieldInfo, settings: Settings | None) -> str:
    if settings is not None:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            return "***" if value.get_secret_value() else ""
        return _PASSWORD.sub(r"\1:***@", str("" if value is None else value))
    defaults = {"home": "~/.local/share/laofashi", "models_dir": "~/.cache/laofashi/models"}
    default = defaults.get(name, field.default)
    return "" if default is None or isinstance(default, SecretStr) else str(default)
