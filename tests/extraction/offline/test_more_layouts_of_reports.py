"""What the offline reader makes of chapters by bare numbers, divided goals, labelled projects and columns of sources."""

from __future__ import annotations

from tests.extraction.offline.reading_cases import read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n"


def test_chapters_that_a_bare_number_marks() -> None:
    text = (
        "1  项目概况\n1.1  立项背景\n灌区渠系老化。\n4  存在问题\n4.1  项目管理方面\n（1）施工进度滞后。汛期停工两月。\n"
        "（2）合同条款不全。两份合同没有约定质保期。\n5  有关建议\n"
        "5.1  加强合同管理。实行合同审查。\n5.2  加快施工进度。按月通报。\n"
    )
    found = [(i["kind"], i.get("category"), i.get("title")) for i in read(HEAD + text, "issues")]
    assert found == [
        ("problem", "项目管理方面", "施工进度滞后"),
        ("problem", "项目管理方面", "合同条款不全"),
        ("recommendation", None, "加强合同管理"),
        ("recommendation", None, "加快施工进度"),
    ]


def test_a_number_before_other_words_is_no_chapter() -> None:
    text = "三、存在问题\n一是施工进度滞后，汛期停工两个月。\n2  渠道清淤\n"
    assert [i["kind"] for i in read(HEAD + text, "issues")][:1] == ["problem"]


def test_goals_that_numbers_in_brackets_divide() -> None:
    text = "1.4  绩效目标\n总体目标：改善灌溉条件，提高用水效率。\n年度目标：（1）清淤渠道12公里；（2）维修水闸4座。\n"
    assert [(t.get("seq"), t["task"]) for t in read(HEAD + text, "tasks")] == [
        (None, "改善灌溉条件，提高用水效率"),
        ("1", "清淤渠道12公里"),
        ("2", "维修水闸4座"),
    ]


def test_numbered_tasks_tell_how_far_they_were_reached_and_why_not() -> None:
    text = (
        "（三）年度重点任务完成情况\n任务1：清淤渠道12公里。完成情况：清淤13公里。\n"
        "任务2：维修水闸4座。完成情况：维修3座。未完成原因：汛期停工。\n"
    )
    found = [(t["seq"], t["task"], t.get("completion"), t.get("reason")) for t in read(HEAD + text, "tasks")]
    assert found == [("1", "清淤渠道12公里", "清淤13公里", None), ("2", "维修水闸4座", "维修3座", "汛期停工")]


def test_goals_of_a_table_carry_their_numbers_and_its_heading() -> None:
    text = "（二）总体目标完成情况\n总体目标\t完成情况\n目标1：清淤渠道12公里。\t清淤13公里。\n目标2：维修水闸4座。\t维修3座。\n"
    found = [(t["section"], t["seq"], t["task"], t["completion"]) for t in read(HEAD + text, "tasks")]
    assert found == [
        ("（二）总体目标完成情况", "1", "清淤渠道12公里", "清淤13公里"),
        ("（二）总体目标完成情况", "2", "维修水闸4座", "维修3座"),
    ]


def test_what_labels_tell_of_a_project() -> None:
    text = (
        "（二）重点项目实施情况\n1.水闸维修养护项目。全年预算40万元，实际支出38万元。实施情况：维修水闸4座。取得成效：行洪安全得到保障。\n"
        "2.渠道清淤项目。全年预算60万元，实际支出60万元。实施情况：清淤12公里。服务对象满意度95%。\n"
    )
    found = [
        (p["implementation"], p.get("outcome"), p.get("satisfaction", {}).get("text"))
        for p in read(HEAD + text, "projects")
    ]
    assert found[0] == ("维修水闸4座", "行洪安全得到保障", None)
    assert found[1][2] == "95%"


def test_a_list_of_budgets_shares_the_word_before_it() -> None:
    text = "一、收支情况\n年初部门预算安排基本支出90万元、项目支出60万元，实际支出148万元。\n"
    found = [(f["path"][-1], f["measure"]) for f in read(HEAD + text, "budget_facts")]
    assert found[:2] == [("基本支出", "initial_budget"), ("项目支出", "initial_budget")]


def test_sources_beside_what_was_spent_are_what_was_granted() -> None:
    rows = "地区\t中央资金\t县级资金\t下达合计\t执行数\n甲乡\t60.00\t20.00\t80.00\t75.00\n乙乡\t30.00\t10.00\t40.00\t40.00\n"
    found = read(f"{HEAD}二、资金情况\n表1 分地区资金执行情况表\n单位：万元\n{rows}", "budget_facts")
    assert [(f["org"], f["measure"], f["value"]) for f in found[:4]] == [
        ("甲乡", "received", "60.00"),
        ("甲乡", "received", "20.00"),
        ("甲乡", "received", "80.00"),
        ("甲乡", "executed", "75.00"),
    ]


def test_a_summary_is_a_report() -> None:
    title = "清源县水务局关于2022年度项目支出绩效自评工作的总结"
    found = read(f"{title}\n一、组织情况\n成立工作组。\n自评得分92.5分，等级为“优”。\n", "reports")
    assert [(r["title"], r["kind"], r["score"]) for r in found] == [(title, "special_fund_self_evaluation", "92.5")]
