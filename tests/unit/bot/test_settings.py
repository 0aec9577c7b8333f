"""Settings: defaults, sentences for what is wrong, nothing secret shown."""

import pytest

from bot.settings import SettingsError, described, load_settings


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"LAOFASHI_PROT": "1"}, "LAOFASHI_PROT is not a setting: did you mean LAOFASHI_PORT?"),
        ({"LAOFASHI_DATABASE_URL": "x"}, "did you mean DATABASE_URL?"),
        ({"LAOFASHI_PORT": "eighty"}, "LAOFASHI_PORT=eighty is wrong"),
        ({"LAOFASHI_PORT": "99999"}, "LAOFASHI_PORT=99999 is wrong"),
        ({"LAOFASHI_WORKERS": "2"}, "DATABASE_URL (postgresql://…), BUS_URL (redis://…), CHROMA_URL (http://…)"),
        ({"DATABASE_URL": "mysql://u:p@h/d"}, "DATABASE_URL names 'mysql'"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not a URL"),
        ({"BUS_URL": "amqp://h"}, "BUS_URL must begin with"),
        ({"LAOFASHI_ANSWER_THRESHOLD": "7"}, "LAOFASHI_ANSWER_THRESHOLD=7 is wrong"),
        ({"LAOFASHI_TIMEZONE": "Mars/Base"}, "LAOFASHI_TIMEZONE"),
        ({"LAOFASHI_ICE_SERVERS": "turn:host,http://x"}, "LAOFASHI_ICE_SERVERS is wrong: not a list of STUN and TURN"),
        ({"LAOFASHI_ICE_SERVERS": '[{"url": "turn:host"}]'}, "LAOFASHI_ICE_SERVERS is wrong: not a list of STUN and"),
    ],
)
def test_each_mistake_has_its_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(environment)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_several_processes_are_allowed_on_servers() -> None:
    servers = {"DATABASE_URL": "postgresql://h/d", "BUS_URL": "redis://h", "CHROMA_URL": "http://h:8000"}
    assert load_settings({"LAOFASHI_WORKERS": "2", **servers}).workers == 2


def test_empty_means_unset_and_other_variables_are_nobodys_business() -> None:
    settings = load_settings({"LAOFASHI_PORT": "", "PATH": "/bin"})
    assert settings.port == 8700
    assert settings.database.startswith("sqlite:///")


def test_no_secret_is_shown() -> None:
    environment = {
        "LAOFASHI_TELEGRAM_TOKEN": "123:abc",
        "DATABASE_URL": "postgresql://user:hunter2@h/d",
        "LAOFASHI_ICE_SERVERS": "turn:bob:s3cret@host",
    }
    settings = load_settings(environment)
    shown = str(described(settings)) + repr(settings)
    assert "123:abc" not in shown
    assert "s3cret" not in shown
    assert "hunter2" not in str(described(settings))


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("", ()),
        ("stun:a.example", ({"urls": "stun:a.example"},)),
        (
            "stun:a.example:3478, turns:bob:s3cret@b.example:443?transport=tcp",
            (
                {"urls": "stun:a.example:3478"},
                {"urls": "turns:b.example:443?transport=tcp", "username": "bob", "credential": "s3cret"},
            ),
        ),
        ('[{"urls": ["turn:a", "turn:b"], "username": "u"}]', ({"urls": ["turn:a", "turn:b"], "username": "u"},)),
    ],
)
def test_servers_of_the_room_are_written_in_either_form(text: str, servers: tuple[object, ...]) -> None:
    assert load_settings({"LAOFASHI_ICE_SERVERS": text}).ice == servers


def test_a_wrong_secret_is_not_repeated_in_its_sentence() -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({}, telegram_token=17)
    assert "17" not in str(error.value)
    with pytest.raises(SettingsError) as error:
        load_settings({"LAOFASHI_ICE_SERVERS": "turn:bob:s3cret"})
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8700"),  # noqa: S104
        ("::", "http://[::1]:8700"),
        ("10.1.2.3", "http://10.1.2.3:8700"),
    ],
)
def test_this_machine_reaches_the_service(host: str, url: str) -> None:
    assert load_settings({"LAOFASHI_HOST": host}).local_url == url


def test_links_begin_with_the_public_address() -> None:
    assert load_settings({"LAOFASHI_PUBLIC_URL": "https://help.example.org/"}).base_url == "https://help.example.org"
