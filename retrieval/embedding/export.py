"""Export an embedding model to int8 ONNX once, in a child process.

`python -m retrieval.embedding.export SOURCE TARGET CARD`.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.weights import NETWORK, name_matrices, read_head

SAMPLES = (  # of subjects that have nothing to do with each other
    "食品经营许可证到期前多久可以申请延续？",
    "第三条 申请人应当将施工现场的夜间照明方案报区住房和城乡建设局备案，并提交场地使用证明。",
    "老年综合津贴",
    "孩子九月上小学，户口还没迁过来怎么报名",
    "驾驶人在道路上遗失随车证件的，可以到车辆管理所补领。",
    "公积金贷款提前还清以后，抵押登记多久能注销？",
    "河道两侧二十米内不得堆放建筑垃圾。",
    "职工因工受伤，用人单位应当自事故发生之日起三十日内提出工伤认定申请。",
)
MINIMUM_COSINE = 0.98  # between the exported model and the original, on SAMPLES


class ExportFailed(RuntimeError):
    """The exported model's embeddings differ too much from the original's."""


def export(source: Path, target: Path, card: dict[str, Any]) -> None:
    """Write `target`/model.onnx, tokenizer.json and model.json (`card` with dimensions and prompts added).

    The graph takes input_ids, attention_mask and token_type_ids, int64 (n, tokens). It gives `embedding`, normalised,
    float32 (n, dimensions), with the model's own pooling (mean, CLS …: all its sentence-transformers modules); and
    where the source has a head for them, `tokens`, the vectors of single tokens, float32 (n, tokens, token dimensions),
    each of unit length. Beside it the folder NETWORK holds what `retrieval.embedding.weights.restored` wants.

    Raises ExportFailed where int8 turned an embedding of `SAMPLES` by more than MINIMUM_COSINE allows.
    """
    import onnxruntime.quantization
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()
    target.mkdir(parents=True, exist_ok=True)
    plain = target / "plain.onnx"
    head = read_head(source)
    _trace(model, head, plain)
    onnxruntime.quantization.quantize_dynamic(plain, target / "model.onnx", per_channel=True)
    plain.unlink()
    model.tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))
    for name in ("config.json", "tokenizer_config.json"):
        if (source / name).is_file():
            (target / NETWORK).mkdir(exist_ok=True)
            shutil.copyfile(source / name, target / NETWORK / name)
    prompts = {f"{name}_prompt": model.prompts.get(name) or "" for name in ("query", "passage")}
    expected = np.asarray(
        model.encode([(prompts["passage_prompt"] + text).lower() for text in SAMPLES], normalize_embeddings=True)
    )
    alike = expected @ expected.T
    unrelated = float(alike[~np.eye(len(alike), dtype=bool)].mean())
    facts = {"unrelated": round(unrelated, 3)} | {
        "dimensions": int(expected.shape[1]),
        "token_dimensions": head.out_features if head else 0,
    }
    (target / "model.json").write_text(
        json.dumps(card | facts | prompts, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    _compare(target, expected)


def _trace(model: Any, head: Any, path: Path) -> None:
    import onnx
    import torch

    class Encoder(torch.nn.Module):
        """All modules of the model as one graph from token ids to a unit vector, and to one of each token."""

        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(list(model))
            self.head = head

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
            for part in self.parts:
                features = part(features)
            whole = torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)
            if self.head is None:
                return whole
            return whole, torch.nn.functional.normalize(self.head(features["token_embeddings"]), dim=-1)

    ids = torch.ones((2, 8), dtype=torch.int64)
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    outputs = ["embedding", "tokens"] if head else ["embedding"]
    axes = {name: {0: "n", 1: "tokens"} for name in [*inputs, *outputs[1:]]} | {"embedding": {0: "n"}}
    torch.onnx.export(
        Encoder().eval(),
        (ids, ids, torch.zeros_like(ids)),
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,  # the new exporter's graphs are not quantised per channel
    )
    graph = onnx.load(str(path))
    name_matrices(graph.graph)
    onnx.save(graph, str(path))


def _compare(target: Path, expected: Any) -> None:
    from retrieval.embedding.embedder import Embedder

    cosines = (Embedder(target).embed_passages(SAMPLES) * expected).sum(axis=1)
    if cosines.min() < MINIMUM_COSINE:
        raise ExportFailed(f"the int8 model strays from the original: cosines {cosines.round(3).tolist()}")


def main(arguments: Sequence[str]) -> None:
    source, target, card = arguments
    export(Path(source), Path(target), json.loads(card))


if __name__ == "__main__":
    main(sys.argv[1:])
