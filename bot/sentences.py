"""The Chinese sentences that the edge says to whoever asks; `{…}` is filled in with str.format.

The sentences of a conversation are in bot/dialogue/texts.py. The sentences of a page are beside that page.
"""

# About a request that failed: http_errors.py, request_guard.py
BY_STATUS = {
    400: "请求的内容不完整。",
    401: "请先登录。",
    403: "您不能做这个操作。",
    404: "没有找到这个页面。",
    405: "这个网址不接受这样的请求。",
    413: "内容太大，没有接收。",
    422: "请求的内容不对。",
    429: "请求太频繁，请稍后再试。",
    500: "出了点问题，已经记录下来。请稍后再试。",
}
NOT_THIS_SITE = "请求的网址不是本站。"
FROM_ANOTHER_SITE = "请求来自别的网站，没有接受。"

# About a file that is held: commands/documents.py
HELD = "{file}: 已拦下，没有发布。{reasons}"
HELD_CURE = "；核对后可以放行：laofashi release {version} --reason …"
