"""Export an embedding model to int8 ONNX once, in a child process.

`python -m retrieval.embedding.export SOURCE TARGET CARD`.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES = (
    "食品经营许可证到期前多久可以申请延续？",
    "第三条 申请人应当在经营场所取得营业执照后，向区市场监督管理局提出申请，并提交场所使用证明。",
    "老年综合津贴",
)
MINIMUM_COSINE = 0.98  # between the exported model and the original, on SAMPLES; m3e-small has .996-.998


class ExportFailed(RuntimeError):
    """The exported model's embeddings differ too much from the original's."""


def export(source: Path, target: Path, card: dict[str, Any]) -> None:
    """Write `target`/model.onnx, tokenizer.json and model.json (`card` with dimensions and prompts added).

    The graph takes input_ids, attention_mask and token_type_ids, int64 (n, tokens). It gives normalised embeddings,
    float32 (n, dimensions), with the model's own pooling (mean, CLS …: all its sentence-transformers modules).

    Raises ExportFailed where int8 turned an embedding of `SAMPLES` by more than MINIMUM_COSINE allows.
    """
    import onnxruntime.quantization
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()
    target.mkdir(parents=True, exist_ok=True)
    plain = target / "plain.onnx"
    _trace(model, plain)
    onnxruntime.quantization.quantize_dynamic(plain, target / "model.onnx", per_channel=True)
    plain.unlink()
    model.tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))
    prompts = {f"{name}_prompt": model.prompts.get(name) or "" for name in ("query", "passage")}
    expected = np.asarray(
        model.encode([(prompts["passage_prompt"] + text).lower() for text in SAMPLES], normalize_embeddings=True)
    )
    facts = {"dimensions": int(expected.shape[1])}
    (target / "model.json").write_text(
        json.dumps(card | facts | prompts, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    _compare(target, expected)


def _trace(model: Any, path: Path) -> None:
    import torch

    class Encoder(torch.nn.Module):
        """All modules of the model as one graph from token ids to a unit vector."""

        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(list(model))

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
            for part in self.parts:
                features = part(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    ids = torch.ones((2, 8), dtype=torch.int64)
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "n", 1: "tokens"} for name in inputs} | {"embedding": {0: "n"}}
    torch.onnx.export(
        Encoder().eval(),
        (ids, ids, torch.zeros_like(ids)),
        str(path),
        input_names=inputs,
        output_names=["embedding"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,  # the new exporter's graphs are not quantised per channel
    )


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
