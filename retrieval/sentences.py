"""Every sentence of this package that an administrator reads, in Chinese; `{…}` is filled in with str.format.

The sentences that say why a question is not answered are in bot/dialogue/texts.py: this package gives only reasons
and facts.
"""

# Where an embedding model comes from: embedding/
DOWNLOADING = "正在从模型库下载嵌入模型 {name}（{revision}）……"
DOWNLOAD_CUT_OFF = "模型 {name} 下载中断：{error}"
TIMED_OUT = "超时"
HUB_OUT_OF_REACH = "模型库不可达（{why}），拿不到 {name}"
NO_WEIGHTS = "{folder} 里没有模型权重（*.safetensors 或 pytorch_model.bin）"
NO_TORCH = (
    "换用其他嵌入模型或微调模型需要 PyTorch 等组件：先运行 make models（或 pip install 'laofashi[models]'），再试一次"
)
EXPORTING = "正在把嵌入模型导出为 int8 ONNX（只做一次，约一分钟）……"
EXPORT_TOO_LONG = "导出模型 {name} 超过 {seconds} 秒"
EXPORT_FAILED = "导出模型 {name} 失败：{error}"
