"""The review page as a server: who is answered, what is refused, and that what reports print is text on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from review_cases import BRIDGES, TEXT, Served, reading_of, served, written

from pipeline.review.guard import Guard
from pipeline.review.pages import Language, labels
from pipeline.review.serving import is_loopback, listening, names_of
from pipeline.store import Store, StoreError

PAYLOADS = (
    "<script>alert(1)</script>",
    "</div><img src=x onerror=alert(2)>",
    "\"><svg onload='alert(3)'>",
    "{{ 7*7 }}{% raw %}",
    "'; DROP TABLE reviews; --",
    "</textarea><script>alert(4)</script>",
)


@pytest.fixture(scope="module")
def page(reviewed_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page that no test decides on."""
    db = tmp_path_factory.mktemp("page") / "page.duckdb"
    db.write_bytes(reviewed_once.read_bytes())
    with served(db) as found:
        yield found.enter()


@pytest.fixture
def own(db: Path) -> Iterator[Served]:
    """A page that a test may decide on."""
    with served(db) as found:
        yield found.enter()


def first_item(page: Served) -> str:
    return page.ask("/").headers["location"]


def form_of(page: Served, path: str, action: str) -> dict[str, str]:
    """The hidden fields of a form of a page."""
    found = html.fromstring(page.ask(path).text).xpath(f"//form[contains(@action, '{action}')]")[0]
    return {i.get("name"): i.get("value") for i in found.xpath(".//input[@type='hidden']")}


def reviews(db: Path) -> list[tuple[object, ...]]:
    with Store.open(db, read_only=True) as store:
        return list(store.query("SELECT decision, reviewer, reason FROM reviews ORDER BY position").rows)


class TestWhoIsAnswered:
    @pytest.mark.parametrize(
        "path", ["/", "/item/x", "/without-record", "/static/x", "/?token=", "/?token=wrong", "/none"]
    )
    def test_nothing_without_the_token(self, page: Served, path: str) -> None:
        answer = page.ask(path, cookies=False)
        assert answer.status == 403
        assert BRIDGES not in answer.text
        assert "set-cookie" not in answer.headers

    def test_nothing_is_posted_without_the_token(self, page: Served) -> None:
        path = first_item(page)
        form = form_of(page, path, "reject") | {"reason": "none"}
        assert page.ask(f"{path}/reject", form, cookies=False).status == 403

    def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(self, page: Served) -> None:
        answer = page.ask(f"/?token={page.token}", cookies=False)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert page.token not in page.ask(first_item(page)).text

    def test_another_cookie_is_no_token(self, page: Served) -> None:
        name = next(iter(page.cookies))
        assert page.ask("/", headers={"Cookie": f"{name}=wrong"}).status == 403
        assert page.ask("/", headers={"Cookie": f"{name}x={page.token}"}).status == 403

    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "", None])
    def test_another_host_is_refused(self, page: Served, host: str | None) -> None:
        answer = page.ask("/", headers={"Host": host})
        assert answer.status in {400, 403}
        assert "location" not in answer.headers

    def test_localhost_is_this_page_too(self, page: Served) -> None:
        assert page.ask("/", headers={"Host": page.netloc.replace("127.0.0.1", "localhost")}).status == 303

    @pytest.mark.parametrize(
        "origin", ["http://evil.example", "null", "https://{netloc}", "http://{netloc}.evil.example"]
    )
    @pytest.mark.parametrize("post", [False, True])
    def test_another_origin_is_refused(self, page: Served, origin: str, *, post: bool) -> None:
        path = first_item(page)
        form = form_of(page, path, "reject") | {"reason": "none"} if post else None
        headers = {"Origin": origin.format(netloc=page.netloc)}
        answer = page.ask(f"{path}/reject" if post else path, form, headers=headers)
        assert (answer.status, answer.text) == (403, "A request from another page is refused.")

    def test_a_form_that_names_no_origin_is_refused(self, page: Served) -> None:
        path = first_item(page)
        form = form_of(page, path, "reject") | {"reason": "none"}
        assert page.ask(f"{path}/reject", form, headers={"Origin": None}).status == 403

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_what_another_site_asks_for_is_refused(self, page: Served, site: str) -> None:
        assert page.ask("/", headers={"Sec-Fetch-Site": site}).status == 403

    @pytest.mark.parametrize("csrf", [None, "", "wrong"])
    @pytest.mark.parametrize("verdict", ["accept", "reject", "correct"])
    def test_a_form_that_is_not_of_this_page_is_refused(self, own: Served, verdict: str, csrf: str | None) -> None:
        path = first_item(own)
        form = form_of(own, path, verdict) | {"reason": "none"}
        form = {k: v for k, v in form.items() if k != "csrf"} | ({} if csrf is None else {"csrf": csrf})
        answer = own.ask(f"{path}/{verdict}", form)
        assert (answer.status, answer.text) == (403, "The form is not of this page: load the page again.")
        assert own.ask(path).text.count('class="history"') == 0

    @pytest.mark.parametrize("path", ["/undo", "/reviewer"])
    def test_the_other_forms_need_the_secret_too(self, page: Served, path: str) -> None:
        assert page.ask(path, {"csrf": "wrong", "reviewer": "x", "subject_id": "x"}).status == 403


class TestWhatIsServed:
    @pytest.mark.parametrize(
        "path",
        [
            *(
                "/static/../web.py",
                "/static/%2e%2e%2fweb.py",
                "/static/..%5cweb.py",
                "/static//etc/passwd",
                "/static/review.js",
            ),
            *(
                "/static/%00",
                "/item/..%2f..%2fetc%2fpasswd",
                "/item/' OR 1=1 --".replace(" ", "%20"),
                "/none",
                "/static/",
            ),
        ],
    )
    def test_no_file_but_the_pages_own(self, page: Served, path: str) -> None:
        answer = page.ask(path)
        assert answer.status == 404
        assert "import" not in answer.text and "root:" not in answer.text

    def test_the_pages_own_files_are_served_under_their_hash_and_kept(self, page: Served) -> None:
        tree = html.fromstring(page.ask(first_item(page)).text)
        names = [*tree.xpath("//script/@src"), *tree.xpath("//link/@href")]
        assert len(names) == 4
        for name in names:
            assert re.fullmatch(r"/static/[\w.-]+-[0-9a-f]{16}\.(js|css|svg)", name)
            answer = page.ask(name)
            assert answer.status == 200
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("path", ["/item", "/without-record", "/?show=decided", "/none"])
    def test_every_answer_forbids_scripts_of_others_frames_and_inline_ones(self, page: Served, path: str) -> None:
        answer = page.ask(first_item(page) if path == "/item" else path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"

    @pytest.mark.parametrize(
        "query", ["", "?show=decided", "?show=all", "?show=<b>", "?around=99999999", "?around=x", "?done=x"]
    )
    def test_no_page_holds_a_script_or_style_of_its_own(self, page: Served, query: str) -> None:
        tree = html.fromstring(page.ask(f"{first_item(page)}{query}").text)
        assert tree.xpath("//script[not(@src)] | //style | //*[@style]") == []
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == []

    @pytest.mark.parametrize(("method", "path"), [("PUT", "/"), ("DELETE", "/item/x"), ("POST", "/"), ("GET", "/undo")])
    def test_other_methods_are_refused(self, page: Served, method: str, path: str) -> None:
        headers = {"Origin": f"http://{page.netloc}"}
        assert page.ask(path, headers=headers, method=method).status in {404, 405}

    def test_a_form_that_is_too_large_is_refused(self, page: Served) -> None:
        answer = page.ask(f"{first_item(page)}/reject", {"reason": "x" * 300_000})
        assert answer.status == 413

    def test_a_form_of_too_many_fields_is_refused(self, page: Served) -> None:
        assert page.ask(f"{first_item(page)}/reject", {f"f{i}": "" for i in range(500)}).status == 403

    @pytest.mark.parametrize("path", ["/item/none/accept", "/item/none/none"])
    def test_what_is_not_there_is_said(self, page: Served, path: str) -> None:
        form = form_of(page, first_item(page), "reject")
        assert page.ask(path, form).status == 404
        assert page.ask(f"{first_item(page)}/burn", form).status == 404


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hostile")
    text = TEXT.replace("负责全县公路的建设和养护。", "".join(PAYLOADS)).replace(
        "桥梁维护项目", f"{PAYLOADS[0]}桥梁{PAYLOADS[1]}项目"
    )
    with Store.open(folder / "h.duckdb") as store:
        store.put(store.start_run("offline"), reading_of(written(folder / "reports", text)))
    with served(folder / "h.duckdb") as found:
        yield found.enter()


class TestUntrustedText:
    def test_report_text_is_text_of_the_page(self, hostile: Served) -> None:
        first = html.fromstring(hostile.ask(first_item(hostile)).text)
        pages = [hostile.ask(href) for href in first.xpath("//ol[@class='items']//a/@href")]
        assert len(pages) > 3
        for answer in pages:
            tree = html.fromstring(answer.text)
            assert tree.xpath("//script[not(@src)] | //img | //svg | //style | //@onerror | //@onload") == []
            assert len(tree.xpath("//script")) == 2
        source = first.xpath("string(//div[@id='text'])")
        assert all(payload in source for payload in PAYLOADS)

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_what_reviewers_write_is_text_of_the_page_and_of_the_database(self, own: Served, payload: str) -> None:
        path = first_item(own)
        assert own.ask("/reviewer", form_of(own, path, "reviewer") | {"reviewer": payload}).status == 303
        assert own.ask(f"{path}/reject", form_of(own, path, "reject") | {"reason": payload}).status == 303
        answer = own.ask(path)
        tree = html.fromstring(answer.text)
        assert len(tree.xpath("//script")) == 2
        assert tree.xpath("//img | //svg | //@onerror | //@onload") == []
        assert payload in tree.xpath("string(//ol[@class='history'])")
        assert tree.xpath("//input[@id='reviewer']/@value") == [payload]

    def test_a_name_and_a_reason_are_stored_as_they_are(self, db: Path) -> None:
        with served(db) as page:
            page.enter()
            path = first_item(page)
            page.ask("/reviewer", form_of(page, path, "reviewer") | {"reviewer": PAYLOADS[4]})
            page.ask(f"{path}/reject", form_of(page, path, "reject") | {"reason": PAYLOADS[4]})
        assert reviews(db) == [("reject", PAYLOADS[4], PAYLOADS[4])]


class TestDecisions:
    def test_a_decision_leads_to_the_next_open_record_and_undo_back(self, own: Served) -> None:
        path = first_item(own)
        after = own.ask(f"{path}/accept", form_of(own, path, "accept") | {"reason": ""})
        assert after.status == 303 and not after.headers["location"].startswith(path)
        shown = html.fromstring(own.ask(after.headers["location"]).text)
        assert "Accepted: 部门全年预算数" in shown.xpath("string(//div[@role='status'])")
        assert shown.xpath("string(//p[@id='count'])") == "5 of 6 open"
        back = own.ask("/undo", form_of(own, after.headers["location"], "undo"))
        assert back.headers["location"].startswith(path)
        shown = html.fromstring(own.ask(back.headers["location"]).text)
        assert shown.xpath("string(//p[@id='count'])") == "6 of 6 open"
        assert "Undone" in shown.xpath("string(//div[@role='status'])")

    def test_two_reviewers_on_one_record_the_second_is_told(self, own: Served) -> None:
        path = first_item(own)
        seen_by_both = form_of(own, path, "accept")
        assert own.ask(f"{path}/accept", seen_by_both).status == 303
        late = own.ask(f"{path}/reject", seen_by_both | {"reason": "none"})
        assert late.status == 422
        said = html.fromstring(late.text).xpath("string(//p[@role='alert'])")
        assert said.startswith("Not done: li decided about it meanwhile (accept): nothing was changed")
        assert html.fromstring(late.text).xpath("//input[@id='reject-reason']/@value") == ["none"]

    @pytest.mark.parametrize("seen", ["", "-1", "99", "x", "1e3"])
    def test_a_version_that_nobody_saw_is_refused(self, own: Served, seen: str) -> None:
        path = first_item(own)
        assert own.ask(f"{path}/accept", form_of(own, path, "accept") | {"seen": seen}).status == 422

    def test_a_correction_that_does_not_stand_in_the_text_keeps_what_was_entered(self, own: Served) -> None:
        path = first_item(own)
        tree = html.fromstring(own.ask(path).text)
        form = dict(tree.xpath("//form[@class='correct']")[0].fields) | {"reason": "misread", "f.value": "77.77"}
        answer = own.ask(f"{path}/correct", form)
        assert answer.status == 422
        tree = html.fromstring(answer.text)
        assert "77.77 does not stand in the quote" in tree.xpath("string(//p[@role='alert'])")
        assert tree.xpath("//input[@name='f.value']/@value") == ["77.77"]
        assert tree.xpath("//details[@id='correct']/@open") != []

    def test_the_form_as_it_is_shown_changes_nothing(self, own: Served) -> None:
        shown = html.fromstring(own.ask(first_item(own)).text)
        for path in shown.xpath("//ol[@class='items']//a/@href"):
            form = dict(html.fromstring(own.ask(path).text).xpath("//form[@class='correct']")[0].fields)
            answer = own.ask(f"{path}/correct", form | {"reason": "x"})
            said = html.fromstring(answer.text).xpath("string(//p[@role='alert'])")
            assert "Nothing is changed" in said or "19 does not stand" in said

    def test_the_last_decision_leads_to_a_page_that_says_so(self, own: Served) -> None:
        while (path := own.ask("/").headers.get("location")) is not None:
            path = path.partition("?")[0]
            own.ask(f"{path}/reject", form_of(own, path, "reject") | {"reason": "none"})
        page = html.fromstring(own.ask("/").text)
        assert "There is no record to review. 6 are decided." in page.xpath("string(//main)")
        assert own.ask("/?show=decided").status == 303

    def test_decisions_without_their_record_are_shown(self, db: Path, tmp_path: Path) -> None:
        with served(db) as page:
            page.enter()
            path = first_item(page)
            page.ask(f"{path}/reject", form_of(page, path, "reject") | {"reason": "seen twice"})
        with Store.open(db) as store:
            folder = tmp_path / "reports"
            moved = reading_of(written(folder, TEXT.replace("1200.50", "1300.50")))
            store.put(store.start_run("offline"), moved)
            ((path,),) = store.query(
                "SELECT path FROM documents WHERE document_id <> $1", {"1": moved.document.document_id}
            ).rows
            with store._session.transaction("give a path away"):
                store._place.vacate([path], moved.document.document_id)
        with served(db) as page:
            page.enter()
            shown = html.fromstring(page.ask(first_item(page)).text)
            assert "Decisions without their record (1)" in shown.xpath("string(//header)")
            listed = html.fromstring(page.ask("/without-record").text)
            assert "seen twice" in listed.xpath("string(//table)")


class TestAddresses:
    def test_only_this_machines_own_address_by_default(self) -> None:
        from pipeline.review.serving import LOOPBACK  # noqa: PLC0415

        assert is_loopback(LOOPBACK)
        assert names_of("127.0.0.1", 80) == {"127.0.0.1:80", "localhost:80"}
        assert names_of("10.0.0.7", 80) == {"10.0.0.7:80"}
        assert names_of("::1", 80) == {"[::1]:80", "localhost:80", "127.0.0.1:80"}

    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - what is refused
    def test_every_address_at_once_is_refused(self, host: str) -> None:
        with pytest.raises(StoreError, match="means every address of this machine"):
            listening(host, 0)

    def test_a_port_in_use_is_named(self) -> None:
        with listening("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(StoreError, match=rf"127\.0\.0\.1:{port} cannot be listened on"):
                listening("127.0.0.1", port)

    def test_two_pages_on_one_machine_keep_their_cookies_apart(self) -> None:
        assert Guard(names_of("127.0.0.1", 81)).cookie != Guard(names_of("127.0.0.1", 82)).cookie
        assert Guard(frozenset()).token != Guard(frozenset()).token


def test_both_languages_say_the_same_things() -> None:
    def keys(words: dict[str, object]) -> set[str]:
        return {
            k if not isinstance(v, dict) else f"{k}.{inner}"
            for k, v in words.items()
            for inner in (v if isinstance(v, dict) else [""])
        }

    assert keys(labels(Language.CHINESE)) == keys(labels(Language.ENGLISH))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY reviews TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
        "EXPORT DATABASE '/tmp/out'",
    ],
)
def test_the_pages_own_connection_reads_and_writes_no_file(db: Path, sql: str) -> None:
    import duckdb  # noqa: PLC0415

    with Store.open(db) as store, pytest.raises(duckdb.Error):
        store._session.execute(sql)
    with Store.open(db) as store, pytest.raises(StoreError):
        store.query(sql)


def test_a_chinese_page_has_chinese_words_and_sentences(db: Path) -> None:
    with served(db, Language.CHINESE) as page:
        tree = html.fromstring(page.enter().ask(first_item(page)).text)
    assert tree.get("lang") == "zh-CN"
    assert tree.xpath("string(//p[@id='count'])") == "未复核 6 条，共 6 条"
    assert "印为预算执行率85.82%" in tree.xpath("string(//ul[@class='against'])")
