"""What the offline reader makes of the set wordings of published accounts, forms and evaluations."""

from __future__ import annotations

import pytest

from tests.extraction.offline.reading_cases import facts, read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"


def test_a_summary_may_begin_with_its_score() -> None:
    text = (
        "五、项目绩效自评综述\n（一）渠道清淤经费绩效自评综述：根据年初设定的绩效目标，2022年项目自评得分为96.5分。"
        "全年预算数为60.00万元，执行数为57.00万元，完成预算的95.00%。项目绩效目标完成情况：清淤12公里。\n"
    )
    [project] = read(HEAD + text, "projects")
    assert (project["name"], project["executed"]["value"], project["execution_rate"]["value"]) == (
        "渠道清淤经费", "57.00", "95.00",
    )  # fmt: skip
    assert facts(HEAD + text) == []


def test_answers_that_a_paragraph_counts() -> None:
    text = (
        "（三）满意度情况\n入户调查共收回有效问卷200份。其中：非常满意120份，占60.00%；满意60份，占30.00%；"
        "不满意20份，占10.00%。群众对水质评价较高。\n"
    )
    found = read(HEAD + text, "survey_answers")
    assert [(a["option"], a["count"], a["share"]["value"], a["respondents"]) for a in found] == [
        ("非常满意", "120", "60.00", "200"),
        ("满意", "60", "30.00", "200"),
        ("不满意", "20", "10.00", "200"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "回收有效问卷200份，表示满意的180人，占90%。\n",
        "评价满意120份，占60%；满意60份，占30%；满意20份，占10%。\n",
    ],
)
def test_a_single_share_or_one_option_again_is_no_answer(text: str) -> None:
    assert read(HEAD + text, "survey_answers") == []


def test_marks_of_a_grade_are_no_score() -> None:
    text = "二、评价结论\n满分100分。得分90分（含）以上为优，80分（含）至90分为良。\n经综合评价，我局得分93.80分。\n"
    [report] = read(HEAD + text, "reports")
    assert report["score"] == "93.80"


@pytest.mark.parametrize(
    ("text", "evaluator"),
    [
        ("评价实施机构：清源市财政绩效评价中心\n", "清源市财政绩效评价中心"),
        ("市财政局委托清源衡信工程咨询有限公司组成评价组，对资金开展绩效评价。\n", "清源衡信工程咨询有限公司"),
        ("清源县财政局绩效评价中心抽调5人组成评价组。\n", "清源县财政局绩效评价中心"),
        ("我局委托清源衡信工程咨询有限公司协助开展绩效自评，形成评价材料。\n", None),
        ("委托方清源市财政局 评价机构 清源衡信工程咨询有限公司\n", "清源衡信工程咨询有限公司"),
    ],
)
def test_who_evaluates(text: str, evaluator: str | None) -> None:
    [report] = read("清源县水务局2022年度渠道清淤项目绩效评价报告\n" + text + "一、基本情况\n项目已完工。\n", "reports")
    assert report.get("evaluator") == evaluator


def test_what_one_fund_was_spent_on_is_no_list_of_projects_unless_it_is_numbered() -> None:
    rows = "支出用途\t支出金额\t占比\n渠道清淤\t60.00\t75.00%\n泵站看护\t20.00\t25.00%\n合计\t80.00\t100.00%\n"
    text = f"{HEAD}表1 补助资金支出情况表\n单位：万元\n{rows}"
    assert read(text, "projects") == []
    assert facts(text)[:2] == [("渠道清淤", "executed", "60.00", "万元"), ("占比", "rate", "75.00", "%")]
    numbered = "序号\t服务内容\t预算数\t支出数\n1\t渠道清淤\t60.00\t57.00\n2\t泵站看护\t20.00\t20.00\n"
    found = read(f"{HEAD}表1 服务资金使用情况表\n单位：万元\n{numbered}", "projects")
    assert [p["name"] for p in found] == ["渠道清淤", "泵站看护"]


def test_the_caption_says_what_a_table_measures_before_the_chapter_does() -> None:
    rows = "项目\t2022年\t2021年\n本年收入合计\t320.00\t300.00\n本年支出合计\t310.00\t290.00\n"
    found = read(f"二、预算安排及收支情况\n2022年与2021年收支决算对比表\n单位：万元\n{rows}", "budget_facts")
    assert [f["measure"] for f in found] == ["received", "received", "executed", "executed"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "本单位共有车辆4辆，其中，副部（省）级及以上领导用车0辆、机要通信用车1辆；单价100万元（含）以上专用设备2台（套）。",
            [
                ("车辆", "assets", "4", "辆"),
                ("副部（省）级及以上领导用车", "assets", "0", "辆"),
                ("机要通信用车", "assets", "1", "辆"),
                ("单价100万元（含）以上专用设备", "assets", "2", "台（套）"),
            ],
        ),
        (
            "项目计划投入资金80.00万元，其中：中央资金60.00万元、县级资金20.00万元。",
            [
                ("项目计划投入资金", "full_year_budget", "80.00", "万元"),
                ("中央资金", "full_year_budget", "60.00", "万元"),
                ("县级资金", "full_year_budget", "20.00", "万元"),
            ],
        ),
        (
            "上年结转8.00万元，全年可用资金88.00万元，未支付的3.00万元由财政收回。",
            [
                ("上年结转", "carried_in", "8.00", "万元"),
                ("全年可用资金", "full_year_budget", "88.00", "万元"),
                ("未支付", "carried_out", "3.00", "万元"),
            ],
        ),
        (
            "区财政局按程序调减预算18.00万元，调剂后预算数60.00万元。",
            [("调减预算", "reduction", "18.00", "万元"), ("调剂后预算数", "full_year_budget", "60.00", "万元")],
        ),
        ("年初财政拨款结转和结余5.00万元。", [("年初财政拨款结转和结余", "carried_in", "5.00", "万元")]),
        ("指标下达48.00万元。", [("指标下达", "received", "48.00", "万元")]),
    ],
)
def test_figures_in_sentences(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert facts(f"{HEAD}{text}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        "脱贫人口人均纯收入由2021年的11,862元增加到13,405元，增长13.01%。",
        "居民健康素养水平由上年的27.4%提高到29.1%，提高1.7个百分点。",
        "完成年初预算的96%，主要原因是事业人员调出1人。",
        "全年开展考核12次，扣减保洁服务费0.80万元。",
    ],
)
def test_what_is_not_the_department_s_own_is_no_budget_fact(text: str) -> None:
    assert facts(f"{HEAD}{text}\n") == []


def test_a_heading_that_says_what_to_do_is_a_title_and_one_of_management_no_advice() -> None:
    text = (
        "二、资金情况\n（一）管理措施\n一年来，我局把制度建设贯穿资金管理全过程，推行县级报账制。\n"
        "七、有关建议\n（一）规范项目过程管理\n建议制定项目档案管理办法，统一施工日志格式。\n"
    )
    assert [(i.get("category"), i["title"], i["text"]) for i in read(HEAD + text, "issues")] == [
        (None, "规范项目过程管理", "建议制定项目档案管理办法，统一施工日志格式"),
    ]


def test_a_name_of_two_parts_beside_others() -> None:
    text = (
        "五、存在的主要问题\n（一）场馆设施老化，维护资金不足。建成已逾十年，塑胶地面和供暖管道损坏较多。\n"
        "（二）教练员力量薄弱。在编教练员少，训练质量不够稳定。\n（三）指标设置不准。个别指标未考虑疫情因素。\n"
    )
    assert [i["title"] for i in read(HEAD + text, "issues")] == [
        "场馆设施老化，维护资金不足", "教练员力量薄弱", "指标设置不准",
    ]  # fmt: skip


def test_a_quality_that_was_confirmed_is_no_grade() -> None:
    text = "四、绩效情况\n主体工程全部完成，单位工程质量评定合格。\n绩效自评得分96.34分，自评等级为优。\n"
    [report] = read(HEAD + text, "reports")
    assert report["grade"] == "优"


def paths(text: str) -> list[tuple[str, str, str]]:
    found = read(f"{HEAD}{text}", "budget_facts")
    return [("/".join(f["path"]), f["measure"], f["value"]) for f in found]


def test_items_below_of_which_are_parts_of_what_stands_above() -> None:
    text = (
        "2022年度财政拨款支出年初预算为220.00万元，支出决算为288.00万元，完成年初预算的130.91%。其中：\n"
        "1．农林水支出（类）水利（款）质量监测（项）。年初预算为62.00万元，支出决算为90.00万元，完成年初预算的145.16%。\n"
        "2．住房保障支出。年初预算为12.00万元，支出决算为12.00万元，完成年初预算的100%。\n（二）其他情况\n年末结转5.00万元。\n"
    )
    whole, first, second = "财政拨款支出", "农林水支出（类）水利（款）质量监测（项）", "住房保障支出"
    assert paths(text) == [
        (whole, "initial_budget", "220.00"),
        (whole, "executed", "288.00"),
        (f"{whole}/完成年初预算", "rate", "130.91"),
        (f"{whole}/{first}", "initial_budget", "62.00"),
        (f"{whole}/{first}", "executed", "90.00"),
        (f"{whole}/{first}/完成年初预算", "rate", "145.16"),
        (f"{whole}/{second}", "initial_budget", "12.00"),
        (f"{whole}/{second}", "executed", "12.00"),
        (f"{whole}/{second}/完成年初预算", "rate", "100"),
        ("年末结转", "carried_out", "5.00"),
    ]


def test_paragraphs_below_of_which_are_parts_up_to_a_full_stop() -> None:
    text = (
        "全县共收到财政衔接资金86.00万元。其中：\n中央衔接资金52.00万元，分两批下达；\n省级衔接资金34.00万元。\n"
        "累计支付衔接资金79.00万元。\n"
    )
    assert paths(text) == [
        ("财政衔接资金", "received", "86.00"),
        ("财政衔接资金/中央衔接资金", "received", "52.00"),
        ("财政衔接资金/省级衔接资金", "received", "34.00"),
        ("累计支付衔接资金", "executed", "79.00"),
    ]


def test_a_part_s_spending_stands_behind_its_budget() -> None:
    text = "“三公”经费支出预算为32.00万元。其中：\n公务接待费预算为6.00万元，支出决算为3.51万元。\n"
    assert paths(text)[1:] == [
        ("“三公”经费支出/公务接待费", "full_year_budget", "6.00"),
        ("“三公”经费支出/公务接待费", "executed", "3.51"),
    ]


def test_a_paragraph_of_name_budget_spending_and_rate_is_a_project() -> None:
    text = "农机购置与应用补贴预算90.00万元，通过“一卡通”发放81.00万元，执行率90.00%，补贴机具62台。\n"
    [project] = read(HEAD + text, "projects")
    assert (project["name"], project["executed"]["value"]) == ("农机购置与应用补贴", "81.00")
    assert paths(text) == []
    assert read(f"{HEAD}本项目预算90.00万元，支出81.00万元，执行率90.00%。\n", "projects") == []
