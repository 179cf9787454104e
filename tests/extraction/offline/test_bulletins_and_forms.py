"""What the offline reader makes of a bureau's bulletin on many projects, and of forms as offices publish them."""

from __future__ import annotations

from typing import Any

from tests.extraction.offline.reading_cases import read

BULLETIN = """清源县财政局关于2022年度重点项目支出绩效评价结果的通报

一、基本情况
本次评价项目3个，评价资金总额600.00万元，实际支出540.00万元，总体预算执行率90.00%。
二、评价结果
3个项目平均得分85.50分，评价等级为“优”的1个、“良”的2个。
重点项目绩效评价结果汇总表
金额单位：万元
序号\t项目名称\t主管部门\t预算安排\t实际支出\t执行率\t评价得分\t评价等级
1\t农村道路提升\t县交通局\t300.00\t270.00\t90.00%\t91.2\t优
2\t小型水库加固\t县水务局\t200.00\t180.00\t90.00%\t83.0\t良
3\t文化惠民工程\t县文旅局\t100.00\t90.00\t90.00%\t82.3\t良
\t合计\t\t600.00\t540.00\t90.00%\t\t
从一级指标看，决策指标满分20分，平均得分17.50分，得分率87.50%；产出指标满分80分，平均得分68.00分，得分率85.00%。
三、存在的主要问题
（一）农村道路提升项目（县交通局，91.2分，等级“优”）。一是前期工作不扎实，仅支出270.00万元。二是管护资金未落实。
（二）小型水库加固项目（县水务局，83.0分，等级“良”）。竣工验收滞后，2座水库未办理决算。
四、整改要求
（一）落实整改责任。各部门要逐项制定整改措施。
请及时与我局联系（联系人：刘一，电话：0000-1234567）。
"""


def test_a_bulletin_names_who_evaluated_and_no_score_of_its_own() -> None:
    (report,) = read(BULLETIN, "reports")
    assert report == {
        "kind": "third_party_evaluation",
        "title": "清源县财政局关于2022年度重点项目支出绩效评价结果的通报",
        "evaluator": "清源县财政局",
        "fiscal_year": 2022,
    }


def test_projects_with_their_grades_are_projects() -> None:
    found = [(p["name"], p["full_year_budget"]["value"], p["executed"]["value"]) for p in read(BULLETIN, "projects")]
    assert found == [
        ("农村道路提升", "300.00", "270.00"),
        ("小型水库加固", "200.00", "180.00"),
        ("文化惠民工程", "100.00", "90.00"),
    ]
    assert [(s["name"], s["score"]) for s in read(BULLETIN, "score_lines")] == [
        ("决策指标", "17.50"),
        ("产出指标", "68.00"),
    ]
    assert not any(f["value"] == "270.00" for f in read(BULLETIN, "budget_facts"))


def test_problems_of_projects_stand_under_their_names() -> None:
    found = [(i.get("category"), i.get("title"), i["text"]) for i in read(BULLETIN, "issues")]
    assert found == [
        ("农村道路提升项目", None, "前期工作不扎实，仅支出270.00万元"),
        ("农村道路提升项目", None, "管护资金未落实"),
        ("小型水库加固项目", None, "竣工验收滞后，2座水库未办理决算"),
        (None, "落实整改责任", "各部门要逐项制定整改措施"),
    ]


FORMS = """清源县水务局
2022年度项目支出绩效自评结果公开

一、项目资金情况
本次公开项目2个，全年预算数合计150.00万元，全年执行数合计120.00万元。具体为：
1.农村供水维护项目，全年预算100.00万元，实际支出80.00万元，自评得分97分；
2.水文监测运行项目，全年预算50.00万元，预算执行数40.00万元，自评得分92分。

附件1
项目支出绩效自评表
（2022年度）
项目名称 | 农村供水维护
主管部门 | 清源县水务局 | 实施单位 | 清源县供水站
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 90.00 | 100.00 | 80.00 | 10 | 80.00% | 8
 | 其中：当年财政拨款 | 90.00 | 95.00 | 75.00 | — | 78.95% | —
 | 其他资金 | 0.00 | 5.00 | 5.00 | — | 100.00% | —
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因
 | 产出指标（90分） | 数量指标 | 维护供水工程 | ≥40处 | 45处 | 90 | 89 |
总分 | | | | | | 100 | 97 |
"""


def _amounts(project: dict[str, Any]) -> dict[str, str]:
    return {name: amount["value"] for name, amount in project.items() if isinstance(amount, dict)}


def test_a_form_whose_name_stands_behind_one_pipe_is_one_project() -> None:
    form = read(FORMS, "projects")[-1]
    assert (form["name"], form["section"]) == ("农村供水维护", "项目支出绩效自评表（2022年度）")
    assert _amounts(form) == {
        "initial_budget": "90.00",
        "full_year_budget": "100.00",
        "executed": "80.00",
        "execution_rate": "80.00",
        "fiscal_appropriation": "95.00",
        "other_funds": "5.00",
    }


def test_scores_of_projects_are_not_the_reports() -> None:
    (report,) = read(FORMS, "reports")
    assert report["title"] == "清源县水务局2022年度项目支出绩效自评结果公开"
    assert "score" not in report and "max_score" not in report


def test_totals_of_what_was_published_are_measured_by_their_own_words() -> None:
    found = [(f["measure"], f["value"]) for f in read(FORMS, "budget_facts")]
    assert found == [("full_year_budget", "150.00"), ("executed", "120.00")]


HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n"


def test_items_that_state_projects_are_no_tasks() -> None:
    text = (
        "三、部门预算项目绩效分析\n3.特定目标类项目绩效分析。各项目情况如下：\n"
        "（1）文物保护维修项目。年初预算240.00万元，调整后预算数586.00万元，预算执行数468.80万元，执行率80.00%。\n"
        "（2）旅游宣传营销项目。年初预算320.00万元，调整后预算数320.00万元，预算执行数311.51万元，执行率97.35%。\n"
    )
    assert [_amounts(p)["executed"] for p in read(HEAD + text, "projects")] == ["468.80", "311.51"]
    assert read(HEAD + text, "tasks") == []


def test_a_unit_at_the_end_of_a_forms_line_of_names_is_its_tables() -> None:
    text = (
        "部门整体支出绩效自评表\n部门名称：清源县水务局          金额单位：万元\n年度部门整体支出预算\n"
        "资金来源\t年初预算\t全年预算数\t全年执行数\n资金总额\t90.00\t100.00\t80.00\n其他资金\t1.00\t2.00\t2.00\n"
        "填报人：刘一      填报日期：２０２３年３月２９日\n"
    )
    assert {f["unit"] for f in read(HEAD + text, "budget_facts")} == {"万元"}
    assert read(HEAD + text, "reports")[0]["issued_on"] == "2023-03-29"


def test_answers_set_apart_by_blanks_with_the_number_of_answers_behind_the_question() -> None:
    text = (
        "四、满意度\n专项资金满意度调查统计\n问题1：您对管理工作的评价（有效填写300人）\n"
        "非常满意　　180人　　60.00%\n满意　　120人　　40.00%\n"
        "问题2：您认为拨付是否及时（有效填写298人）\n及时　　298人　　100.00%\n"
    )
    found = [
        (a["question_no"], a["question"], a["option"], a["count"], a["share"]["value"], a["respondents"])
        for a in read(HEAD + text, "survey_answers")
    ]
    assert found == [
        ("1", "您对管理工作的评价", "非常满意", "180", "60.00", "300"),
        ("1", "您对管理工作的评价", "满意", "120", "40.00", "300"),
        ("2", "您认为拨付是否及时", "及时", "298", "100.00", "298"),
    ]


def test_items_behind_an_announcement_of_goals_are_tasks() -> None:
    text = "一、概况\n（三）绩效目标设定情况。年初批复的年度绩效目标为：\n1.新建水厂2座。\n2.培训300人次。\n二、资金\n"
    assert [(t["seq"], t["task"]) for t in read(HEAD + text, "tasks")] == [("1", "新建水厂2座"), ("2", "培训300人次")]


def test_a_table_of_contents_is_no_chapter() -> None:
    text = (
        "目 录\n一、项目基本情况..............1\n二、存在的问题及建议..............7\n- 1 -\n"
        "为加强资金管理，提高资金使用效益，我局开展了绩效自评，形成本报告，现将情况报告如下。\n"
        "一、项目基本情况\n项目按期实施。\n"
    )
    assert read(HEAD + text, "issues") == []


def test_advice_below_a_title_of_two_measures() -> None:
    text = (
        "五、有关建议\n（一）细化绩效目标，科学编制预算。建议将目标分解到乡镇。\n"
        "（二）落实配套资金，规范资金使用。建议将配套资金足额纳入预算。\n"
    )
    found = [(i["title"], i["text"]) for i in read(HEAD + text, "issues")]
    assert found == [
        ("细化绩效目标，科学编制预算", "建议将目标分解到乡镇"),
        ("落实配套资金，规范资金使用", "建议将配套资金足额纳入预算"),
    ]


def test_a_table_of_projects_may_say_how_large_each_is_before_its_money() -> None:
    text = (
        "某县交通局2022年度项目支出绩效自评报告\n一、资金情况\n表1 项目资金支付情况表\n单位：万元\n"
        "序号\t项目名称\t建设规模\t安排资金\t已支付\t支付率\t进展情况\n"
        "1\t东河桥改造工程\t1座\t285.00\t285.00\t100%\t已完工\n"
        "2\t西山路养护工程\t8.4公里\t672.00\t560.40\t83.39%\t在建\n"
        "\t合计\t\t957.00\t845.40\t88.34%\t\n"
    )
    found = [(p["name"], p["full_year_budget"]["value"], p["executed"]["value"]) for p in read(text, "projects")]
    assert found == [("东河桥改造工程", "285.00", "285.00"), ("西山路养护工程", "672.00", "560.40")]


def test_a_paragraph_for_each_first_level_indicator_begins_with_its_marks() -> None:
    text = (
        "某馆2022年度项目支出绩效评价报告\n四、指标分析\n（一）决策情况\n"
        "决策类指标满分 15 分，得分 13.5 分，得分率 90.00%。立项符合要求，方案论证充分。\n（二）产出情况\n"
        "产出类指标满分 35 分，得分 31.9 分。设备全部到货，得满分的有 3 项。\n"
    )
    found = [(s["name"], s["weight"], s["score"]) for s in read(text, "score_lines")]
    assert found == [("决策类指标", "15", "13.5"), ("产出类指标", "35", "31.9")]
