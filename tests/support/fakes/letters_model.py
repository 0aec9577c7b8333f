"""An embedding model as sentence-transformers has them, of some thousand numbers, that knows but letters."""

from pathlib import Path

ASKING, ANSWERING = "abcdefghijklmnop", "子丑寅卯辰巳午未申酉戌亥天地玄黄"


def save_letters_model(folder: Path, seed: int = 1) -> Path:
    """Write one with chance weights into `folder`."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(seed)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *ASKING, *ANSWERING]
    inner = folder / "inner"
    inner.mkdir(parents=True)
    (inner / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(inner)
    BertTokenizerFast(str(inner / "vocab.txt")).save_pretrained(inner)
    transformer = Transformer(str(inner))
    model = SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu")
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"
