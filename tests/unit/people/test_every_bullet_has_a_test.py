"""What is promised of imports, searches and pools, and of every bad input: each has tests that say it by their name."""

import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
BULLETS = {
    "files of every kind": "exports_of_other_systems_load_as_they_are linkedin_connections_of_all_years "
    "an_archive_of_resumes_is_one_row_per_file one_resume_becomes_a_candidate",
    "the header is found, the mapping shown, changed and saved": "the_preview_shows_three_samples_and_what_would_be_"
    "rejected a_recruiters_mapping_is_used a_saved_profile_is_used_by_itself_for_the_same_columns",
    "résumés": "row_18_resumes_are_read_with_precision "
    "resumes_that_no_rule_was_written_for_are_read_as_well_as_published",
    "a long file streams": "b11_a_long_file_is_read_as_a_stream",
    "a person has many contact points": "one_mailbox_is_one_person a_role_mailbox_merges_nobody "
    "a_phone_merges_only_with_a_compatible_name a_phone_with_an_incompatible_name_goes_to_review",
    "likely matches have score and reasons": "likely_matches_make_a_pair_with_score_and_reasons",
    "two who share a name never merge": "two_people_who_share_a_name_never_merge",
    "recall and precision": "merge_and_review_together_find_at_least_what_splink_finds "
    "merges_are_right_among_families_namesakes_and_role_mailboxes",
    "warmbench match": "the_file_of_pairs_has_four_columns two_files_are_linked_with_a_map_for_each",
    "unmerge restores both": "unmerge_restores_both_people_their_memberships_sends_and_consents "
    "a_field_that_a_customer_added_is_given_back_by_an_unmerge",
    "lower trust never overwrites": "a_lower_trust_source_never_overwrites_what_a_candidate_entered",
    "every field knows its source": "every_field_knows_its_source_import_and_time",
    "rows are conserved": "rows_are_conserved",
    "rejected rows come back": "every_rejected_row_has_line_column_code_reason_and_remedy "
    "ten_thousand_rows_with_137_bad_ones_are_all_in_after_correction",
    "re-import changes nothing": "b23_the_same_file_again_writes_nothing_but_the_record_of_the_import",
    "undo restores inserts and updates": "undo_removes_whom_it_made_and_restores_what_it_changed",
    "kill -9 and resume": "five_kills_change_nothing_of_what_an_import_comes_to",
    "progress every two seconds": "the_record_is_told_how_far_the_load_is_at_least_every_two_seconds",
    "where from, when, basis, notice": "every_sourced_person_carries_where_from_when_basis_and_notice "
    "every_sourced_person_carries_where_from_when_lawful_basis_and_notice_due_date",
    "an erased person cannot come back": "S27_an_erased_person_cannot_come_back "
    "an_erased_person_is_not_even_listed_by_a_search "
    "S27_no_byte_of_an_erased_person_is_left_in_any_object_table_queue_or_row",
    "one Boolean language": "precedence_is_not_then_near_then_and_then_or smart_quotes_are_quotes "
    "a_fault_says_where_and_what_to_do",
    "compiled for every source": "what_a_source_cannot_express_is_told_in_plain_words "
    "check_shows_what_each_source_is_asked_and_asks_nobody a_search_gives_links_for_web_engines",
    "the full meaning in the end": "results_of_a_query_have_its_full_meaning the_sixty_queries_tell_people_apart "
    "results_have_the_full_meaning_of_the_query",
    "a cap is shown": "a_cap_and_its_consequence_are_shown",
    "rates and quotas": "many_workers_together_keep_one_rate quota_is_never_spent_twice_and_unspent_comes_back "
    "retry_after_as_a_date_is_honoured",
    "one source failing": "one_source_failing_does_not_fail_the_search",
    "merged, ranked, with provenance": "results_are_merged_across_sources_with_provenance "
    "results_are_ranked_by_visible_criteria",
    "load by tick or by itself": "ticked_results_become_candidates_in_the_pool auto_load_brings_everybody_new_at_once",
    "a standing search": "a_standing_search_brings_exactly_the_one_new_person",
    "quick add": "quick_add_shows_possible_duplicates_first "
    "bookmarklet_sends_the_page_being_looked_at_to_quick_add forwarded_mail_becomes_a_quick_add_with_its_check",
    "folders and trees": "a_folder_counts_each_person_once a_move_in_the_tree_keeps_ids_members_and_sharing",
    "requisition pools": "a_job_that_opens_gets_a_pool_with_ranked_suggestions "
    "a_job_that_closes_freezes_its_pool_and_one_that_opens_again_thaws_it",
    "rules": "S3_the_orgs_answer_equals_the_rule_asked_of_each_person a_rule_in_words "
    "B41_rules_that_cannot_be_meant_are_refused_with_the_nearest_name",
    "list actions": "fifty_people_are_added_to_a_pool_by_one_action",
    "incremental": "a_change_touches_only_the_rules_that_name_the_changed_field "
    "joins_are_written_within_five_seconds_of_the_change_message",
    "who was in this pool on a day": "the_members_on_a_day_are_those_that_stood_in_the_org",
    "review first": "review_first_proposes_and_a_rejection_sticks",
    "circles": "B41_a_circular_rule_is_refused_with_the_circle_named "
    "folders_that_lie_in_each_other_are_refused_with_the_circle_named",
    "the estimate": "the_estimate_equals_what_the_send_then_reaches",
    "the twelve nasty files": "row_15_the_twelve_nasty_files_import_right",
    "journeys 2 and 3": "rows_add_up_as_if_nothing_had_been_killed "
    "the_rejects_come_back_and_are_in_once_corrected_and_all_can_be_undone "
    "results_are_merged_ranked_and_say_where_from",
}


@cache
def texts():
    return "\n".join(path.read_text() for path in TESTS.rglob("test_*.py") if path.name != Path(__file__).name)


@pytest.mark.parametrize("bullet", BULLETS)
def test_every_bullet_has_a_test_of_its_name(bullet):
    missing = [name for name in BULLETS[bullet].split() if f"def test_{name}(" not in texts()]
    assert missing == []


@pytest.mark.parametrize("number", range(1, 31))
def test_every_bad_input_has_a_test_of_its_number(number):
    """By the name of the test, or of the file that it is given."""
    assert re.search(rf'def test_b{number}_|"b{number}_\w+\.\w+"', texts())


def test_there_are_twelve_nasty_files():
    from tests.unit.people.test_nasty_csv import NASTY

    assert len(NASTY) == 12
