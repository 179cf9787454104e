"""A small report with gold of every record type."""

from __future__ import annotations

import hashlib
from typing import Any

TEXT = """青山县交通局2023年度部门整体支出绩效自评报告
自评得分95.50分，等级为“优”。
本年收入合计1,200.50万元，基本支出800.00万元，项目支出400.50万元。
1.道路养护项目：全年预算数100万元，全年执行数90万元，执行率90%。已按计划完成养护并通过验收。
2.公园改造项目：全年预算数200万元，全年执行数150万元，执行率75%。工程尚未完成竣工验收手续。
3.桥梁检测项目：全年预算数60.0万元，全年执行数55万元。
数量指标 养护里程 ≥12公里 13公里 10 9.5
质量指标 验收合格率 ≥95% 96% 20 18
产出 30 28.5 95%
任务一 完成农村公路提档升级二十公里。已完成。
存在的问题：预算编制不够精细，个别项目执行偏慢。
建议：加强预算编制的论证，提高执行进度。
1.您对道路状况是否满意 很满意 33 66% 不满意 17 34% 有效填写50
项目支出400.50万元，与所列项目之和相差55.5万元。三公经费12.34万元，上年12.30万元，基本持平。
"""


def money(value: str, unit: str | None = "万元") -> dict[str, Any]:
    return {"value": value, "unit": unit}


def quantity(text: str, value: str | None, unit: str | None = "%", op: str | None = None) -> dict[str, Any]:
    return {"text": text, "op": op, "value": value, "unit": unit}


def fact(label: str, value: str, quote: str, **more: Any) -> dict[str, Any]:
    entry = {"path": ["支出", label], "measure": "executed", "year": 2023, "org": None, "value": value, "unit": "万元"}
    return {"report": "r1", **entry, "quote": quote, **more}


def project(seq: str, name: str, budget: str, executed: str, quote: str, **more: Any) -> dict[str, Any]:
    nulls = dict.fromkeys(
        (
            *("section", "fund_level", "initial_budget", "supplementary_budget", "fiscal_appropriation", "other_funds"),
            *("execution_rate", "satisfaction", "implementation", "outcome", "unfinished_reason", "status"),
        )
    )
    stated = {"seq": seq, "name": name, "full_year_budget": money(budget), "executed": money(executed)}
    return {"report": "r1", **nulls, **stated, "quote": quote, **more}


def indicator(names: tuple[str, str], target: Any, actual: Any, marks: tuple[str, str], quote: str) -> dict[str, Any]:
    level2, level3 = names
    weight, score = marks
    entry = {"table": None, "level1": None, "level2": level2, "level3": level3, "level4": None, "target": target}
    return {
        "report": "r1",
        **entry,
        "actual": actual,
        "weight": weight,
        "score": score,
        "deviation_reason": None,
        "quote": quote,
    }


def answer(option: str, count: str, share: str, quote: str) -> dict[str, Any]:
    entry = {"survey": None, "question_no": "1", "question": "您对道路状况是否满意", "option": option, "count": count}
    return {"report": "r1", **entry, "share": quantity(f"{share}%", share), "respondents": "50", "quote": quote}


def finding(kind: str, *quotes: str, required: bool) -> dict[str, Any]:
    return {
        "report": "r1",
        "kind": kind,
        "severity": "error",
        "message": kind,
        "stated": "",
        "computed": "",
        "quotes": list(quotes),
        "required": required,
    }


GOLD: dict[str, Any] = {
    "doc": "roads-2023",
    "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    "reports": [
        {
            "id": "r1",
            "kind": "overall_self_evaluation",
            "title": "青山县交通局2023年度部门整体支出绩效自评报告",
            "department": "青山县交通局",
            "evaluator": None,
            "fiscal_year": 2023,
            "score": "95.50",
            "max_score": None,
            "grade": "优",
            "issued_on": None,
            "quote": "自评得分95.50分，等级为“优”",
        }
    ],
    "budget_facts": [
        fact("收入合计", "1200.50", "本年收入合计1,200.50万元", path=["收入合计"], measure="received"),
        fact("基本支出", "800.00", "基本支出800.00万元"),
        fact("项目支出", "400.50", "项目支出400.50万元", occurrence=1),
    ],
    "projects": [
        project(
            *("1", "道路养护项目", "100", "90"),
            "1.道路养护项目：全年预算数100万元，全年执行数90万元，执行率90%",
            execution_rate=quantity("90%", "90"),
            status="已按计划完成养护并通过验收",
        ),
        project(
            *("2", "公园改造项目", "200", "150"),
            "2.公园改造项目：全年预算数200万元，全年执行数150万元，执行率75%",
            execution_rate=quantity("75%", "75"),
            status="工程尚未完成竣工验收手续",
        ),
        project("3", "桥梁检测项目", "60.0", "55", "3.桥梁检测项目：全年预算数60.0万元，全年执行数55万元"),
    ],
    "indicators": [
        indicator(
            ("数量指标", "养护里程"),
            quantity("≥12公里", "12", "公里", "≥"),
            quantity("13公里", "13", "公里"),
            ("10", "9.5"),
            "数量指标 养护里程 ≥12公里 13公里 10 9.5",
        ),
        indicator(
            ("质量指标", "验收合格率"),
            quantity("≥95%", "95", "%", "≥"),
            quantity("96%", "96"),
            ("20", "18"),
            "质量指标 验收合格率 ≥95% 96% 20 18",
        ),
    ],
    "score_lines": [
        {
            "report": "r1",
            "table": None,
            "name": "产出",
            "weight": "30",
            "score": "28.5",
            "rate": quantity("95%", "95"),
            "quote": "产出 30 28.5 95%",
        }
    ],
    "tasks": [
        {
            "report": "r1",
            "section": None,
            "seq": None,
            "task": "完成农村公路提档升级二十公里",
            "completion": "已完成",
            "reason": None,
            "quote": "任务一 完成农村公路提档升级二十公里",
        }
    ],
    "issues": [
        {
            "report": "r1",
            "kind": kind,
            "category": None,
            "title": None,
            "text": text,
            "quote": text,
        }
        for kind, text in (
            ("problem", "预算编制不够精细，个别项目执行偏慢。"),
            ("recommendation", "加强预算编制的论证，提高执行进度。"),
        )
    ],
    "survey_answers": [answer("很满意", "33", "66", "很满意 33 66%"), answer("不满意", "17", "34", " 不满意 17 34%")],
    "findings": [
        finding("sum", "项目支出400.50万元，与所列项目之和", "2.公园改造项目：全年预算数200万元", required=True),
        finding("conflict", "自评得分95.50分", required=True),
        finding("ratio", "执行率75%", required=False),
    ],
    "near_misses": [{"message": "基本持平", "quotes": ["三公经费12.34万元，上年12.30万元"]}],
}
