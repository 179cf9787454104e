"""Extraction (llm): finds out once how an endpoint is made to answer in JSON (``--mode auto``)."""

from __future__ import annotations

from pipeline.extraction.llm.asking import Answer, Asker, Purpose, Question
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.prompting import Message, probe_messages
from pipeline.extraction.llm.reading import read_reply
from pipeline.extraction.llm.requests import Request, build_request, exact
from pipeline.extraction.llm.responses import reading_model
from pipeline.extraction.llm.settings import LlmSettings, ReplyMode
from pipeline.settings import SettingsError

_TYPES = ("tasks",)
_WAYS = (
    ReplyMode.JSON_SCHEMA,
    ReplyMode.STRICT,
    ReplyMode.TOOLS,
    ReplyMode.JSON,
    ReplyMode.MD_JSON,
)
"""Modes in the order in which they are tried: strict where an endpoint takes a schema no other way, as it costs more."""
_REFUSED = frozenset(
    {Fault.BAD_REQUEST, Fault.NOT_STORED, Fault.EMPTY_REPLY, Fault.GARBAGE, Fault.LENGTH, Fault.REFUSAL}
)
"""Faults of a way of asking; any other is one of the endpoint."""


class ProbeError(SettingsError):
    """An endpoint that no way of asking makes answer."""


async def probed(settings: LlmSettings, asker: Asker) -> LlmSettings:
    """The settings with the first mode that makes the endpoint answer a sample in JSON.

    Replies to probes are stored as others are, so that a later run finds the mode without a call.

    Raises:
        ProbeError: the endpoint answers in no mode, or not at all.
    """
    if settings.mode is not ReplyMode.AUTO:
        return settings
    last: CallError | None = None
    for mode in _WAYS:
        tried = settings.model_copy(update={"mode": mode})
        request = _request(tried)
        answer = await asker.ask(Question(request, "", "", Purpose.PROBE))
        last = _wrong_with(answer)
        if last is None:
            return tried
        if last.fault not in _REFUSED:
            raise ProbeError(f"the endpoint could not be asked which mode it takes: {last}")
        if answer.reply is not None:
            await asker.condemn(answer, last)
    raise ProbeError(f"the endpoint answers in no mode ({last}): set JIXIAO_MODE, or try another model")


def _request(settings: LlmSettings) -> Request:
    messages: list[Message] = probe_messages(settings.base_url)
    return build_request(settings, messages, reading_model(_TYPES, exact=exact(settings)))


def _wrong_with(answer: Answer) -> CallError | None:
    """Why an answer shows no working mode, None where it does."""
    if answer.reply is None:
        return answer.error
    try:
        reading = read_reply(answer.reply, _TYPES)
    except CallError as error:
        return error
    return None if reading.good else CallError(Fault.GARBAGE, "the reply holds no valid record")
