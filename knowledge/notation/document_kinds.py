"""The kinds of documents, by the words that end their titles: 办法, 条例; each reader adds its own further words."""

RULES = "法|条例|规定|办法|规则|细则|解释|决定"  # such a document keeps its title when it is revised
ISSUED = f"{RULES}|通知|意见|方案|标准|公告|通告|指引|指南"
ITSELF = f"{ISSUED}|规范|规程|目录|政策|措施|制度"  # how a text refers to itself: 本办法, 本目录
