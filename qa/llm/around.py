"""A model around another: what it is called and what it can do are the inner one's."""

from __future__ import annotations

from qa.llm.interface import ChatModel


class Around:
    """What every model that wraps another passes on."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    @property
    def window(self) -> int:
        """The model's."""
        return self._model.window

    @property
    def structured(self) -> bool:
        """The model's."""
        return self._model.structured
