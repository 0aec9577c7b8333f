"""What can go wrong at the desk; desk/sentences.py has the sentences, desk/web/statuses.py the HTTP statuses."""

from desk import sentences


class DeskError(Exception):
    """Something could not be done. An error that is raised without a sentence says `sentence`."""

    sentence = sentences.NOT_DONE

    def __str__(self) -> str:
        return super().__str__() or self.sentence


class NotFound(DeskError):
    """The thing is not there, or this person may not see it; both look alike."""

    sentence = sentences.NOT_FOUND


class AlreadyClaimed(DeskError):
    """Another specialist was faster."""

    sentence = sentences.ALREADY_CLAIMED


class StaleOwner(DeskError):
    """The ticket has since passed to somebody else."""

    sentence = sentences.STALE_OWNER


class WrongState(DeskError):
    """The state of the thing does not allow this act."""

    sentence = sentences.WRONG_STATE


class InvalidWords(DeskError):
    """These words cannot be an entry."""

    sentence = sentences.WORDS_MISSING


class SignInRefused(DeskError):
    """The name or the password is wrong; the error does not tell which."""

    sentence = sentences.SIGN_IN_REFUSED


class TooManyAttempts(DeskError):
    """There were too many wrong passwords lately."""

    sentence = sentences.TOO_MANY_ATTEMPTS


class TooLong(DeskError):
    """A message is longer than allowed."""

    sentence = sentences.MESSAGE_TOO_LONG


class NameTaken(DeskError):
    """An account of that name exists."""

    sentence = sentences.NAME_TAKEN


class WeakPassword(DeskError):
    """The password is too short or too easily guessed."""

    sentence = sentences.TOO_EASY_TO_GUESS
