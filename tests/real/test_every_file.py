"""Every real file is counted by a script of its own in some test, or holds no reaction to anybody: a file without a line here fails."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("KLEOS_SHARED") or ROOT.parent / "shared") / "real"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"real files are not at {REAL} (set KLEOS_SHARED)")

COUNTED: Mapping[str, Mapping[str, Sequence[str]]] = {
    "twitter": {
        "test_the_archive_of_2026_holds_its_reference_counts": [
            "archive-2026/data/account.js",
            "archive-2026/data/follower.js",
            "archive-2026/data/lists-member.js",
            "archive-2026/data/manifest.js",
            "archive-2026/data/tweets.js",
        ],
        "test_tweets_of_the_api_v1": [
            "bulk-v1.1/get_mentions.json",
            "bulk-v1.1/get_replies.json",
            "bulk-v1.1/get_retweets.json",
            "bulk-v1.1/get_status.json",
            "bulk-v1.1/get_user_timeline.json",
        ],
        "test_pages_of_the_api_v2": ["bulk-v2/noflat.jsonl", "bulk-v2/entities_test.jsonl", "bulk-v2/mentions_tweet.jsonl"],
        "test_the_flattened_file_says_the_same_as_its_page": ["bulk-v2/flat.jsonl"],
        "test_files_without_posts_are_refused": [
            "bulk-v1.1/get_followers_0.json",
            "bulk-v1.1/get_retweeters.json",
            "bulk-v2/counts.jsonl",
            "bulk-v2/lists.jsonl",
            "bulk-v2/users.jsonl",
        ],
    },
    "facebook": {
        "test_reactions_and_shares_are_what_a_short_script_counts": ["graph-api/posts/*"],
        "test_comments_without_names_count_without_them": ["graph-api/comments/comment*_info.json"],
        "test_those_who_react_are_read": ["graph-api/likes/*"],
        "test_every_page_is_known_by_id_name_and_audience": ["graph-api/pages/single_*", "graph-api/pages/multi_pages.json"],
        "test_the_other_schemas_hold_only_what_one_did_oneself": ["export-schemas-2019/[!_]*.json"],
    },
    "foursquare": {"test_the_parser_finds_what_a_short_script_counts": ["export-shape-synthetic/*", "api-checkin/*"]},
    "googleplus": {"test_the_parser_finds_what_a_short_script_counts": ["takeout-json/*"]},
    "instagram": {
        "test_the_parser_finds_what_a_short_script_counts_in_exports": ["export-shape-synthetic/*"],
        "test_likes_of_posts_are_what_a_short_script_counts": [
            "graph-api/users/medias_p*.json",
            "graph-api/discovery/medias_p*.json",
            "graph-api/medias/medias_fields.json",
            "graph-api/medias/media_default.json",
        ],
        "test_comments_and_answers_are_what_a_short_script_counts": [
            "graph-api/medias/comments_p*.json",
            "graph-api/comments/replies.json",
        ],
        "test_comments_with_names_have_them_and_own_ones_are_left_out": ["graph-api/comments/comment*_fields.json"],
        "test_tags_and_mentions_are_what_a_short_script_counts": [
            "graph-api/users/tagged_medias.json",
            "graph-api/users/mentioned_*.json",
        ],
        "test_insights_and_accounts_are_read": ["graph-api/medias/insights*.json", "graph-api/*/user_fields.json"],
    },
    "mastodon": {
        "test_every_notification_of_the_mock_is_a_reaction_by_whom_it_names": [
            "mastodon_mock-0.6.1/api_v1_notifications.json",
            "mastodon_mock-0.6.1/*_verify_credentials.json",
        ],
        "test_the_mock_lists_as_many_people_as_the_totals_of_a_post_say": [
            "mastodon_mock-0.6.1/*_context.json",
            "mastodon_mock-0.6.1/*_favourited_by.json",
            "mastodon_mock-0.6.1/*_reblogged_by.json",
        ],
        "test_grouped_notifications_of_the_mock_are_as_many_as_single_ones": ["mastodon_mock-0.6.1/api_v2_notifications.json"],
        "test_totals_of_the_mock_add_up": ["mastodon_mock-0.6.1/*_statuses.json"],
        "test_what_a_real_server_answers_is_understood_and_paged": ["cassettes/test_notifications.json"],
        "test_totals_of_a_real_server_add_up": ["cassettes/test_pagination_iterator.json"],
    },
    "youtube": {
        "test_the_parser_finds_what_a_short_script_counts": [
            "data-api/comment_threads/comment_thread*_*.json",
            "data-api/comments/comments_*.json",
        ],
        "test_every_channel_and_every_video_is_read": ["data-api/channels/info*.json", "data-api/videos/videos_*.json"],
        "test_every_other_answer_is_refused_with_a_sentence": [
            "data-api/*/insert_response.json",
            "data-api/videos/get_rating_response.json",
            "data-api/error_permission_resp.json",
        ],
        "test_lists_of_anything_else_are_refused_or_hold_no_reaction": [
            "data-api/activities/*",
            "data-api/members/*",
            "data-api/playlist_items/playlist_items_*",
            "data-api/subscriptions/subscription*_*",
        ],
        "test_every_generation_of_takeout_says_whose_it_is": ["takeout-shape-synthetic/*/comments.csv"],
    },
}
"""Network → the test of ``plugins/kleos-<network>/tests/test_real.py`` that counts → files in the network's folder."""

NOTHING: Mapping[str, str] = {
    "README.md": "says where the files are from",
    "facebook/export-schemas-2019/LICENSE": "is a licence",
    "facebook/export-schemas-2019/_partials/*": "describes parts of the other files",
    "facebook/graph-api/comments/create_resp.json": "answers somebody who wrote a comment",
    "facebook/graph-api/pages/multi_default_fields.json": "describes pages, without how many follow them",
    "facebook/graph-api/pages/search_pages.json": "describes pages, without how many follow them",
    "facebook/graph-api/photos/*": "describes photos, without what others did to them",
    "facebook/graph-api/users/*": "says which pages and businesses a user runs",
    "instagram/graph-api/medias/children.json": "lists the pictures of an album",
    "instagram/graph-api/medias/product_tags.json": "lists things for sale",
    "instagram/graph-api/stories/*": "describes stories, without what others did to them",
    "instagram/graph-api/users/*catalog*.json": "lists things for sale",
    "instagram/graph-api/users/content_publish_limit.json": "says how much may be posted",
    "instagram/graph-api/users/live_medias.json": "lists broadcasts, without what others did to them",
    "instagram/graph-api/users/product_appeal.json": "lists things for sale",
    "instagram/graph-api/users/*hashtag*.json": "lists words",
    "instagram/graph-api/users/stories.json": "describes stories that nobody reacted to",
    "instagram/graph-api/users/user_insights*.json": "counts views of an account, of no item",
    "mastodon/cassettes/test_account_followers.json": "lists nobody",
    "mastodon/cassettes/test_status_context.json": "lists no reply",
    "mastodon/cassettes/test_status_favourited_by.json": "lists who favourited a post: notifications tell that, with the time",
    "mastodon/cassettes/test_status_reblogged_by.json": "lists who boosted a post: notifications tell that, with the time",
    "mastodon/cassettes/test_verify_credentials.json": "says whose account it is",
    "mastodon/mastodon_mock-0.6.1/*_followers.json": "lists followers: notifications tell that, with the time",
    "twitter/archive-2026/data/community-tweet.js": "holds posts for members only: left out, as the plugin's README says",
    "twitter/archive-2026/data/following.js": "says whom the owner follows",
    "twitter/archive-2026/data/like.js": "says what the owner liked",
    "twitter/archive-2026/data/note-tweet.js": "is empty",
    "twitter/archive-2026/data/profile.js": "says how the owner looks",
    "youtube/data-api/channels/update_resp.json": "answers somebody who changed a channel",
    "youtube/takeout-shape-synthetic/videos.csv": "says what the owner uploaded",
}
"""Files → why there is no reaction to count in them."""

MARKS = re.compile(r'"(?:(?:like|likes|comments|favou?rites|reblogs|share)_count|(?:like|comment|view)Count)"\s*:\s*"?[1-9]')


@cache
def files() -> Sequence[str]:
    return sorted(path.relative_to(REAL).as_posix() for path in REAL.rglob("*") if path.is_file())


def patterns() -> list[str]:
    counted = [f"{network}/{one}" for network, tests in COUNTED.items() for several in tests.values() for one in several]
    return [*counted, *NOTHING]


def test_every_real_file_has_one_line_here() -> None:
    lines = {name: [pattern for pattern in patterns() if fnmatchcase(name, pattern)] for name in files()}
    assert {name: found for name, found in lines.items() if len(found) != 1} == {}


def test_every_line_is_about_some_file() -> None:
    assert [pattern for pattern in patterns() if not any(fnmatchcase(name, pattern) for name in files())] == []


@pytest.mark.parametrize("network", COUNTED)
def test_every_count_is_a_test(network: str) -> None:
    module = ast.parse((ROOT / f"plugins/kleos-{network}/tests/test_real.py").read_text(encoding="utf-8"))
    assert COUNTED[network].keys() <= {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def test_files_without_reactions_have_no_number_of_them() -> None:
    names = [name for name in files() if any(fnmatchcase(name, pattern) for pattern in NOTHING)]
    assert [name for name in names if MARKS.search((REAL / name).read_text(encoding="utf-8"))] == []
