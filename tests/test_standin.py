"""The stand-in endpoint behaves like one: a real client can use it, and its log says what was asked."""

from __future__ import annotations

import json

import httpx2
import openai
import pytest

from eval.standin import Reply, StandIn, calls_tool, fails, says

MESSAGES = [{"role": "user", "content": "<report_text>\n甲\n</report_text>\n问"}]


def client(server, key="k"):
    return openai.OpenAI(base_url=server.base_url, api_key=key, max_retries=0, timeout=5)


def ask(server, **more):
    with client(server) as openai_client:
        return openai_client.chat.completions.create(model="m", messages=MESSAGES, **more)


def test_a_reply_reads_as_a_completion_with_usage_by_the_stated_rule():
    with StandIn([says({"a": "1"})]) as server:
        completion = ask(server)
    assert json.loads(completion.choices[0].message.content) == {"a": "1"}
    asked = len(MESSAGES[0]["content"])
    assert completion.usage.prompt_tokens == -(-asked * 2 // 3)
    assert completion.usage.completion_tokens == -(-len('{"a": "1"}') * 2 // 3)
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


def test_the_log_holds_what_was_asked_and_whether_a_key_came_but_not_which():
    with StandIn(lambda request: says({"text": request.text, "types": request.record_types})) as server:
        ask(server, temperature=0.5, response_format={"type": "json_object"})
        bare = httpx2.post(f"{server.base_url}/chat/completions", json={"model": "m", "messages": []})
        first, second = server.requests
    assert (first.number, first.model, first.text, first.authorized) == (1, "m", "甲", True)
    assert first.parameters == {"temperature": 0.5}
    assert first.response_format == {"type": "json_object"}
    assert (second.text, second.authorized, second.rejected) == (None, False, None)
    assert bare.status_code == 200
    assert "Bearer" not in repr(server.requests)


def test_tool_calls_name_the_offered_tool():
    tool = {"type": "function", "function": {"name": "Reading", "parameters": {"type": "object"}}}
    with StandIn([calls_tool({"a": 1}, {"b": 2})]) as server:
        calls = ask(server, tools=[tool]).choices[0].message.tool_calls
    assert [(c.function.name, json.loads(c.function.arguments)) for c in calls] == [
        ("Reading", {"a": 1}),
        ("Reading", {"b": 2}),
    ]


def test_error_statuses_carry_their_headers_and_message():
    with (
        StandIn([fails(429, "slow down", "busy", retry_after="2")]) as server,
        pytest.raises(openai.RateLimitError) as e,
    ):
        ask(server)
    assert e.value.response.headers["retry-after"] == "2"
    assert e.value.code == "busy"


@pytest.mark.parametrize("reply", [Reply(reset=True), says({}, cut=True)])
def test_broken_connections_break_for_the_client(reply):
    with StandIn([reply]) as server, pytest.raises(openai.APIConnectionError):
        ask(server)


def test_a_slow_body_arrives_whole_for_who_waits():
    with StandIn([says({"a": "甲"}, drip=0.001)]) as server:
        assert json.loads(ask(server).choices[0].message.content) == {"a": "甲"}


def test_refusal_and_finish_reason_pass_through():
    with StandIn([Reply(refusal="no"), Reply(content="x", finish_reason="length")]) as server:
        assert ask(server).choices[0].message.refusal == "no"
        assert ask(server).choices[0].finish_reason == "length"


def test_models_are_listed():
    with StandIn([], models=["a", "b"]) as server, client(server) as openai_client:
        assert [m.id for m in openai_client.models.list()] == ["a", "b"]


def test_a_script_that_ends_or_fails_says_so():
    with StandIn([]) as server, pytest.raises(openai.InternalServerError, match="no more replies"):
        ask(server)
    with pytest.raises(RuntimeError, match="script of the stand-in"):  # noqa: SIM117 - one error inside the other
        with StandIn(lambda _: 1 / 0) as failing, pytest.raises(openai.InternalServerError):
            ask(failing)


def test_two_servers_run_beside_each_other():
    with StandIn([says(1)]) as one, StandIn([says(2)]) as two:
        assert one.base_url != two.base_url
        assert ask(two).choices[0].message.content == "2"
        assert ask(one).choices[0].message.content == "1"
