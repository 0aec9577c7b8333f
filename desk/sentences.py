"""Every sentence of this package that specialists and administrators read, in Chinese; `{…}` is for str.format.

The sentences are named constants: a missing one is an error of types, and each is worded once. An applicant's sentences
are in bot/dialogue/texts.py, those on a page in desk/pages/shared/texts.json. Only the reasons for a ticket's priority
are elsewhere: desk/tickets/triage.py has each beside its pattern.
"""

# For errors that are raised without a sentence: errors.py, web/statuses.py
NOT_DONE = "操作没有完成。"
NOT_FOUND = "没有找到，或者您无权查看。"
ALREADY_CLAIMED = "这件工单刚刚被其他同事接手了。"
STALE_OWNER = "这件工单已经不在您名下，内容没有发出。"
WRONG_STATE = "这件工单现在的状态不能做这个操作。"
WORDS_MISSING = "请写明大家怎么说，文件里怎么写。"
SIGN_IN_REFUSED = "账号或密码不对。"
TOO_MANY_ATTEMPTS = "尝试次数太多，请稍后再试。"
MESSAGE_TOO_LONG = "消息太长，请分几条发送。"
NAME_TAKEN = "这个登录名已经有人使用。"
TOO_EASY_TO_GUESS = "新密码太短或太容易猜：至少 10 个字符，不能含有登录名，也不能和旧密码相同。"
SIGNED_OUT = "登录已失效，请重新登录。"
PAGE_OUT_OF_DATE = "页面已过期，请刷新后再试。"
ONE_TIME_SIGN_IN = "请先修改一次性密码。"
TOO_LARGE = "内容太大。"
INVALID = "填写的内容不完整或不合要求。"

# Messages, tickets, accounts
MESSAGE_ID_TOO_LONG = "消息编号太长。"
NO_SUCH_COLLEAGUE = "没有这位同事，或者他的账号已停用。"
NAME_LENGTH = "登录名应为 1 至 {most} 个字符。"
OWN_ACCOUNT = "不能停用自己的账号。"

# Answers: admin/, answers/
NO_ANSWERING = "这里没有接上回答功能。"
NO_RECORD = "这条消息没有留下依据记录：不是机器人的回答，或者是有记录以前作的。"

# Files and documents: admin/, web/originals.py
FILE_TOO_LARGE = "文件太大：不能超过 {most}。"
UPLOAD_CUT_OFF = "上传中断了，请再试一次。"
FOLDER_OF_THAT_NAME = "“{file}”和已有的文件夹重名，请改名后再传。"
READ_ALREADY = "“{file}”已经读过了，请在文件列表里处理。"
NO_SUCH_UPLOAD = "没有找到上传的文件“{file}”，请重新上传。"
RUN_OVER = "这次读取已经结束了。"
READING_FAILED = "读取文件时出错，原来的内容照常可用。请稍后再试；还不行，请查看日志。"
SECOND_PERSON = "按规定要两位管理员同意：请把改好的文件作为新版本放入，由另一位管理员同意后发布。"
NO_ORIGINAL = "原件没有保存，或者已经删除。"

# Words: words/
WORD_TOO_SHORT = "“{word}”只有一个字，很多问题里都会有，请写两个字以上的说法。"
WORD_TOO_COMMON = "“{word}”几乎每个问题里都有，不能作为一种说法。"
TOO_MANY_WORDS = "一条里每边最多 {most} 个词，请分成几条。"
WORD_TOO_LONG = "“{word}…”太长了，一个词最多 {most} 个字。"
WORD_WITH_NUMBERS = "用词里不能有证件号码、银行卡号或手机号码。"
SHIPPED_ENTRY = "这一条是随程序提供的，不能删去，可以停用。"
NO_SUCH_ENTRY = "没有这一条用词。"
WORD_KNOWN = "“{word}”已经有一条了，请改原来的那一条。"
