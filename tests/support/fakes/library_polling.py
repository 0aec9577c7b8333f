"""The negative control: python-telegram-bot's own `run_polling`, its handler writing each update durably to a file.

`python -m tests.support.fakes.library_polling FILE BOT_API_URL`
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, MessageHandler, filters

from tests.support.fakes.bot_api import TOKEN
from tests.support.fakes.polling_service import ANSWER_SECONDS


def main(file: str, api: str) -> None:
    async def write(update: Update, context: Any) -> None:
        await asyncio.sleep(ANSWER_SECONDS)
        with Path(file).open("a", encoding="utf-8") as log:  # noqa: ASYNC230
            log.write(f"{update.effective_message.text}\n")
            log.flush()
            os.fsync(log.fileno())

    application: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").build()
    )
    application.add_handler(MessageHandler(filters.TEXT, write))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
