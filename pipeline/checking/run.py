"""Checking: every check over a document's records and tables, in one pass each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.checking.among import check_among
from pipeline.checking.balances import check_balances
from pipeline.checking.batches import check_batches
from pipeline.checking.chains import check_chains
from pipeline.checking.classes import check_classes
from pipeline.checking.conflicts import check_conflicts
from pipeline.checking.counts import check_counts
from pipeline.checking.divisions import check_divisions
from pipeline.checking.enumerations import check_enumerations
from pipeline.checking.equations import check_equations
from pipeline.checking.exchanged_digits import check_exchanged_digits
from pipeline.checking.findings import settle
from pipeline.checking.growth import check_growths
from pipeline.checking.implied_growth import told_growths
from pipeline.checking.item_conflicts import check_item_conflicts
from pipeline.checking.known_divisions import check_known_divisions
from pipeline.checking.left_over import check_left_over
from pipeline.checking.mentioned_indicators import check_mentioned_indicators
from pipeline.checking.organisations import check_organisations
from pipeline.checking.prose_directions import check_prose_directions
from pipeline.checking.prose_scores import check_prose_scores
from pipeline.checking.prose_shares import check_prose_shares
from pipeline.checking.rates import check_rates
from pipeline.checking.relations import check_declared
from pipeline.checking.remainders import check_remainders
from pipeline.checking.scene import Scene
from pipeline.checking.scores import check_scores
from pipeline.checking.sections import check_sections
from pipeline.checking.surveys import check_answers
from pipeline.checking.table_counts import check_table_counts
from pipeline.checking.table_flows import check_table_flows
from pipeline.checking.table_rates import check_table_rates
from pipeline.checking.tables import check_tables
from pipeline.checking.trees import check_trees
from pipeline.checking.twins import check_twins
from pipeline.checking.units_check import find_slips, scale_clashes, slip_findings, slips_as_meant, unprinted_units
from pipeline.collection import no_collection
from pipeline.flow import Document, Finding, Grounded, Layout


@no_collection()
def check(document: Document, layout: Layout, records: Sequence[Grounded]) -> tuple[Finding, ...]:
    """Where a document contradicts itself, in text order.

    A pure function of its arguments. Slips of a unit are found first, so that every other check reads such a figure as
    it is meant; figures are never changed.

    Args:
        document: the text that all spans refer to.
        layout: its blocks and tables; where it is empty, sentences are read from the text alone.
        records: the grounded records in any order.

    Returns:
        Findings, each with its kind, the figures with their places, what was computed and what rounding allows.
    """
    return settle(_all(document, layout, records))


def _all(document: Document, layout: Layout, records: Sequence[Grounded]) -> Iterator[Finding]:
    slips = find_slips(document, records)
    scene = Scene(document, layout, records, slips_as_meant(slips))
    yield from slip_findings(slips)
    yield from unprinted_units(scene, slips)
    yield from scale_clashes(scene)
    yield from check_declared(scene)
    yield from check_balances(scene)
    yield from check_organisations(scene)
    yield from check_trees(scene)
    yield from check_classes(scene)
    yield from check_chains(scene)
    yield from check_among(scene)
    yield from check_batches(scene)
    yield from check_known_divisions(scene)
    yield from check_divisions(scene)
    yield from check_growths(scene)
    yield from told_growths(scene)
    yield from check_prose_directions(scene)
    yield from check_rates(scene)
    yield from check_prose_shares(scene)
    yield from check_sections(scene)
    yield from check_scores(scene)
    yield from check_prose_scores(scene)
    yield from check_counts(scene)
    yield from check_answers(scene)
    yield from check_enumerations(scene)
    yield from check_conflicts(scene)
    yield from check_item_conflicts(scene)
    yield from check_twins(scene)
    yield from check_mentioned_indicators(scene)
    yield from check_remainders(scene)
    yield from check_left_over(scene)
    yield from check_equations(scene)
    yield from check_tables(scene)
    yield from check_table_rates(scene)
    yield from check_table_counts(scene)
    yield from check_table_flows(scene)
    yield from check_exchanged_digits(scene)
