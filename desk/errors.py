"""What can go wrong at the desk; each docstring is the sentence its user reads. HTTP status is the edge's business."""


class DeskError(Exception):
    """操作没有完成。"""

    def __str__(self) -> str:
        return super().__str__() or (self.__doc__ or "").strip()


class NotFound(DeskError):
    """没有找到，或者您无权查看。"""


class AlreadyClaimed(DeskError):
    """这件工单刚刚被其他同事接手了。"""


class StaleOwner(DeskError):
    """这件工单已经不在您名下，内容没有发出。"""


class WrongState(DeskError):
    """这件工单现在的状态不能做这个操作。"""


class InvalidWords(DeskError):
    """请写明大家怎么说，文件里怎么写。"""


class SignInRefused(DeskError):
    """账号或密码不对。"""


class TooManyAttempts(DeskError):
    """尝试次数太多，请稍后再试。"""


class TooLong(DeskError):
    """消息太长，请分几条发送。"""


class NameTaken(DeskError):
    """这个登录名已经有人使用。"""


class WeakPassword(DeskError):
    """新密码太短或太容易猜：至少 10 个字符，不能含有登录名，也不能和旧密码相同。"""
