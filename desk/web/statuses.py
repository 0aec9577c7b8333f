"""Which HTTP status and which word each error has: the one table for every route, and the errors only routes know."""

from fastapi.responses import JSONResponse

from desk import errors, sentences
from knowledge.version import NoSuchVersion, VersionError


class SignedOut(errors.DeskError):
    """The session is over."""

    sentence = sentences.SIGNED_OUT


class WrongCsrf(errors.DeskError):
    """The request lacks the session's CSRF token."""

    sentence = sentences.PAGE_OUT_OF_DATE


class PasswordChangeRequired(errors.DeskError):
    """A one-time password has to be changed first."""

    sentence = sentences.ONE_TIME_SIGN_IN


class TooLarge(errors.DeskError):
    """What was sent is larger than allowed."""

    sentence = sentences.TOO_LARGE


class Invalid(errors.DeskError):
    """What was filled in is incomplete or not allowed."""

    sentence = sentences.INVALID


STATUSES: dict[type[Exception], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.AlreadyClaimed: (409, "already_claimed"),
    errors.StaleOwner: (409, "stale_owner"),
    errors.WrongState: (409, "wrong_state"),
    errors.NameTaken: (409, "name_taken"),
    errors.InvalidWords: (422, "invalid_words"),
    errors.WeakPassword: (422, "weak_password"),
    errors.SignInRefused: (401, "sign_in_refused"),
    errors.TooManyAttempts: (429, "too_many_attempts"),
    errors.TooLong: (413, "too_long"),
    SignedOut: (401, "signed_out"),
    WrongCsrf: (403, "wrong_csrf"),
    PasswordChangeRequired: (403, "password_change_required"),
    TooLarge: (413, "too_large"),
    Invalid: (422, "invalid"),
    NoSuchVersion: (404, "not_found"),
    VersionError: (409, "wrong_state"),
    errors.DeskError: (409, "problem"),
}
Refusal = errors.DeskError | VersionError  # what a route may raise; each has its place in the table


def status_of(error: Refusal) -> tuple[int, str]:
    """Return an error's HTTP status and the word a page tells it by: its own, else those of the nearest base class."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def refusal(error: Refusal) -> JSONResponse:
    """Return an error as JSON: its word, its sentence, its HTTP status."""
    status, word = status_of(error)
    return JSONResponse({"error": word, "message": str(error)}, status, {"Cache-Control": "no-store"})
