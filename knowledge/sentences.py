"""Every sentence of this package that an administrator reads, in Chinese; `str.format` fills in each `{…}`.

Each sentence is a named constant: it is worded once, and the type checker finds a missing one. Sentences for applicants
stand in bot/dialogue/texts.py, those of the pages in desk/pages/shared/texts.json.
"""

# Why a file cannot go in: formats/, load.py, sandbox/, intake/
TEXT_TOO_LONG = (
    "文件的正文有 {length:.0f} 万字，超过 {most} 万字的上限，很可能不是一份文件。请核对原件，拆分成几个文件再导入。"
)
FILE_TOO_LARGE = "文件有 {size:.1f} MB，超过 {most:.0f} MB 的上限。请拆分成几个较小的文件，或删去其中的图片后再导入。"
NO_TEXT = "文件里没有可以读出的正文。请打开原件核对：若内容是图片或由网页程序载入，请另存为带文字的文件再导入。"
EMPTY_FILE = "文件是空的（没有任何内容）。请核对原件后重新导出或下载。"
PROGRAM = "这是一个程序文件，不是文档，扩展名可能被改过。请导入{readable}。"
OTHER_ARCHIVE = "这是 {kind} 压缩包，不能直接打开。请解压后导入其中的文件，或改用 ZIP 打包。"
BROKEN_FILE = "文件已损坏，打不开（压缩结构不完整）。请重新下载或另存一份再导入。"
PRESENTATION = "这是演示文稿，不能导入。请导出为 PDF 再导入。"
OFD = "这是 OFD 版式文件，不能直接导入。请用 OFD 阅读软件另存为 PDF 再导入。"
OTHER_OFFICE_FILE = "这种 Office 文件不能导入。请另存为 .docx、.xlsx 或 PDF；能导入的有{readable}。"
ARCHIVE_IN_ARCHIVE = "这是压缩包里的压缩包，没有再往里打开。请先解压，再导入其中的文件。"
OFFICE_LOCKED = "这个 Office 文件设了打开密码。请去掉密码，另存一份再导入。"
OLD_OFFICE_EMPTY = "这是旧版 Office 格式的文件，但里面没有 Word 文档或 Excel 表格。请核对原件，另存为 .docx 再导入。"
UNKNOWN_KIND = "这不是受支持的文档（二进制内容无法识别）。请导入{readable}。"
ARCHIVE_BROKEN = "压缩包已损坏，打不开（压缩结构不完整）。请重新下载，或解压后导入其中的文件。"
ARCHIVE_EMPTY = "压缩包里没有文件。请核对原件后重新打包再导入。"
ARCHIVE_TOO_MANY = "压缩包里有 {count} 个文件，超过 {most} 个的上限。请分成几个压缩包再导入。"
ARCHIVE_BOMB = "压缩包压缩比异常，像是“压缩炸弹”，没有解开。请核对原件。"
MEMBER_BOMB = "压缩包里的这个文件压缩比异常，像是“压缩炸弹”，没有解开。请核对原件。"
MEMBER_LOCKED = "压缩包里的这个文件设了密码。请用密码解压后导入。"
MEMBER_TOO_LARGE = "压缩包里的这个文件解开后超过 {most:.0f} MB 的上限，没有解开。"
MEMBER_BROKEN = "压缩包里的这个文件已损坏，解不开。请重新下载，或解压后单独导入。"
PDF_BROKEN = "PDF 文件已损坏，打不开。请重新下载或导出一份再导入。"
PDF_UNREADABLE = "PDF 文件已损坏，读不出内容。请重新下载或导出一份再导入。"
PDF_LOCKED = "这个 PDF 设了打开密码。请去掉密码（打印成新的 PDF 即可）再导入。"
PDF_TOO_LONG = "PDF 有 {pages} 页，超过 {most} 页的上限，很可能不是一份文件。请拆分成几个文件再导入。"
PDF_BLANK = "这个 PDF 是扫描件或空白页，没有读出文字。请核对原件，换一份清晰的扫描件或可以复制文字的文件。"
PICTURE_BROKEN = "图片已损坏，或不是能识别的图片格式。请打开核对，另存为 PNG 或 JPEG 再导入。"
PICTURE_BLANK = "图片里没有识别出文字。请换一张清晰的图片，或导入带文字的文件。"
PICTURE_TOO_LARGE = (
    "图片有 {width}×{height} 像素，超过 {most} 万像素的上限。请按 200–300 dpi 重新扫描，或裁成几张再导入。"
)
TOO_MANY_PICTURES = "文件里有 {pages} 页图片，超过 {most} 页的上限。请拆分成几个文件再导入。"
DOCX_BOMB = "文件解开后过大，像是“压缩炸弹”，已拒绝打开。请用 Word 另存一份正常的 .docx 再导入。"
DOCX_BROKEN = "Word 文件已损坏，打不开。请用 Word 或 WPS 修复并另存一份再导入。"
SHEET_UNREADABLE = "Excel 文件已损坏，打不开。请用 Excel 或 WPS 修复并另存一份再导入。"
SHEET_BROKEN = "Excel 文件已损坏，打不开。请重新下载或另存一份再导入。"
SHEET_BOMB = "表格解开后过大，像是“压缩炸弹”或单元格过多，已拒绝打开。请只留下要回答的内容，另存一份再导入。"
TOO_MANY_CELLS = "表格超过 {most} 万个单元格的上限。请只留下要回答的内容，或拆分成几个文件再导入。"
CSV_BROKEN = "CSV 表格读不出来（引号没有配对，或单元格过长）。请用 Excel 打开核对，另存为 .xlsx 再导入。"
PAGE_TOO_DEEP = "网页里的内容一层套一层，套得太深，不是正常的网页。请核对原件，另存一份再导入。"
OFFICE_MISSING = (
    "这是 {kind} 一类的旧版 Office 文件，读它需要在服务器上安装 LibreOffice。"
    "请联系管理这台机器的人安装，或用 Word、WPS 另存为 .docx、.xlsx 再导入。"
)
OFFICE_FAILED = (
    "LibreOffice 没能打开这个文件（可能已损坏、设了密码，或太大）。"
    "请用 Word 或 WPS 打开，另存为 .docx 或 .xlsx 再导入。"
)
CONTENT_TOO_DEEP = "文件里的内容一层套一层，套得太深，读不出来。请核对原件，另存一份再导入。"
CANNOT_OPEN = "文件读不出来（{why}）。请检查文件是否还在、是否有读取权限。"
PARSER_FAILED = "文件内容异常，无法解析（{error}）。请另存一份再导入。"
PARSING_TOO_LONG = "解析超过 {seconds:g} 秒仍未完成，已中止。请把文件拆小或另存一份再导入。"
PARSING_TOO_SLOW = "解析用了超过 {seconds} 秒的处理器时间，已中止。请把文件拆小或另存一份再导入。"
PARSING_TOO_LARGE = "解析需要的内存超过 {most} MB，已中止。请把文件拆小再导入。"
PARSER_DIED = "解析这个文件时进程崩溃或内存超限，文件没有导入。请把文件拆小或另存一份再导入。"
WORKER_DIED = "解析进程意外中止，文件没有导入。请重试；若仍失败，请另存一份再导入。"
PAGE_NOT_DRAWN = "这一页画不出来，请下载原件查看。"

# Warnings about a file that was read
PICTURES_NOT_READ = "文件里有图片，图片中的文字没有读出。"
PAGE_WITHOUT_CONTENT = "页面里没有找到正文。"
HIDDEN_SHEETS = "隐藏的工作表没有读：{sheets}。"
FORMULAS_UNSAVED = "有 {count} 个公式没有保存计算结果，读成了空白。请用 Excel 打开并保存一次再导入。"
SCAN_PAGE = "第 {page} 页 {score:.0%}"
SCAN_READ = "这些页是图片，文字由机器识别，请与原件核对。识别可信度：{each}。"
SCAN_DOUBTFUL = "第 {pages} 页识别可信度低，很可能有错字。请换一份清晰的扫描件，或逐字核对后再使用。"
VAGUE_REPEAL = (
    "{places}写明：“{words}”。哪些较早的文件或条款因此不再适用，要由人判断：请逐一核对，给它们填写废止日期或撤下它们。"
)
IN_THE_TEXT = "正文"
PHONES = "文件里有个人手机号码（{numbers}），请核对是否可以公开。"

# Why a version is held, and where the reason stands: versions/checks.py
HOLD = "{where}：{what}“{words}”"
HELD_FOR = {
    "identity": "身份证号码",
    "card": "银行卡号",
    "phones": "个人手机号码",
    "secrecy": "密级或内部标志",
}
AT_THE_BEGINNING = "文件开头"
IN_THE_FILE = "文件中"
ON_PAGE = "第{page}页"

# Why a file seems to be a new version of a document: versions/recognition.py
SAME_SOURCE = "与现有文件来自同一个文件名“{file}”"
SAME_TEXT = "与《{title}》的正文有 {share:.0%} 相同"
SAME_NUMBER = "文号相同：{number}"
SAME_TITLE = "标题相同：《{title}》"

# What may not be done to a version now: version.py, versions/
NOT_CONFIRMED = "请先确认这份文件是不是《{title}》的新版本（{reason}）。"
SUCCESSOR_WITHOUT_DAY = "接替旧文件的新文件要有施行日期：请先填写从哪一天起施行。"
CONTENT_FORGOTTEN = "这个版本已经撤回，读到的内容没有保留。"
NO_EARLIER_VERSION = "这份文件没有更早的版本；不再需要时请撤下它。"
NOTHING_TO_ROLL_BACK = "没有找到这份文件，或者它没有可以退回的版本。"
NO_TITLE = "标题不能为空。"
DOCUMENT_GONE = "要更新的文件已经不在了，请重新选择。"
NO_KIND = "请选定是新文件，还是哪一份现有文件的新版本。"
NO_REASON = "请写明放行的理由。"
NOT_HELD = "这个版本没有被拦下，不需要放行。"
NOTHING_TO_APPROVE = "这个版本现在不需要审核。"
OWN_APPROVAL = "提交或修改过这个版本的人不能自己审核，请另一位管理员来。"
IN_USE = "这个版本正在使用；请先“退回上一版”或撤下文件，再清除它。"
HELD = "这个版本含有个人信息或密级标志，请先核对并放行。"
PUBLISHED_ALREADY = "这个版本已经发布了。"
REPLACED = "这个版本已被更新的版本替换；要恢复它，请用“退回上一版”。"
WITHDRAWN = "这个版本已经撤回。"
NOT_OPEN = "这个版本已经发布或撤回，不能再改。"
NOT_NOW = "这个版本现在不能做这个操作。"
NO_SUCH_VERSION = "没有找到这个版本。"
NEEDS_APPROVAL = "需要另一位管理员同意后才能发布。"

# Golden questions: golden.py
ANSWERED = "应当拒答，却作了回答。"
NOT_ANSWERED = "应当回答，却没有回答。"
OTHER_CITATION = "应当依据{place}，实际依据：{cited}。"
NO_CITATION = "无"
WORDS_MISSING = "回答里没有“{words}”。"
NOTHING_EXPECTED = "请写明问题，并选定应当依据的文件、应当含有的文字，或者应当拒答。"
CLAUSE_WITHOUT_DOCUMENT = "写了条款，还要写明是哪一份文件的条款。"
