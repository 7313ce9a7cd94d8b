window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2120811386631094871"
          ],
          "editableUntil" : "2026-11-12T10:30:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "60"
      ],
      "favorite_count" : "4",
      "in_reply_to_status_id_str" : "2105204297561015811",
      "in_reply_to_user_id" : "1700000000000000101",
      "id_str" : "2120811386631094871",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "2120811386631094871",
      "in_reply_to_status_id" : "2105204297561015811",
      "created_at" : "Thu Nov 12 09:30:12 +0000 2026",
      "favorited" : false,
      "full_text" : "@ada_makes And part three: drying takes as long as it takes.",
      "lang" : "en",
      "in_reply_to_screen_name" : "ada_makes",
      "in_reply_to_user_id_str" : "1700000000000000101"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2119700063843258327"
          ],
          "editableUntil" : "2026-11-09T08:54:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "40"
      ],
      "favorite_count" : "8",
      "id_str" : "2119700063843258327",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2119700063843258327",
      "created_at" : "Mon Nov 09 07:54:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Small presses, small rooms, loud radios.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2117912283706296630"
          ],
          "editableUntil" : "2026-11-04T10:30:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "June",
            "screen_name" : "june_codes",
            "indices" : [
              "3",
              "14"
            ],
            "id_str" : "1700000000000001006",
            "id" : "1700000000000001006"
          }
        ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "86"
      ],
      "favorite_count" : "0",
      "id_str" : "2117912283706296630",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2117912283706296630",
      "created_at" : "Wed Nov 04 09:30:12 +0000 2026",
      "favorited" : false,
      "full_text" : "RT @june_codes: Set type by hand once and you will never again complain about a build.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2116760947258296271"
          ],
          "editableUntil" : "2026-11-01T06:15:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "39"
      ],
      "favorite_count" : "34",
      "id_str" : "2116760947258296271",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "2116760947258296271",
      "created_at" : "Sun Nov 01 05:15:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Proof number nine. I can stop any time.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2114650792915897948"
          ],
          "editableUntil" : "2026-10-26T10:30:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "Kofi",
            "screen_name" : "kofi_maps",
            "indices" : [
              "0",
              "10"
            ],
            "id_str" : "1700000000000001007",
            "id" : "1700000000000001007"
          }
        ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "37"
      ],
      "favorite_count" : "2",
      "in_reply_to_status_id_str" : "2114635693421497085",
      "in_reply_to_user_id" : "1700000000000001007",
      "id_str" : "2114650792915897948",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2114650792915897948",
      "in_reply_to_status_id" : "2114635693421497085",
      "created_at" : "Mon Oct 26 09:30:12 +0000 2026",
      "favorited" : false,
      "full_text" : "@kofi_maps Yes, with a felt under it.",
      "lang" : "en",
      "in_reply_to_screen_name" : "kofi_maps",
      "in_reply_to_user_id_str" : "1700000000000001007"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2113843221623737234"
          ],
          "editableUntil" : "2026-10-24T05:01:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "36"
      ],
      "favorite_count" : "0",
      "id_str" : "2113843221623737234",
      "truncated" : false,
      "retweet_count" : "5",
      "id" : "2113843221623737234",
      "created_at" : "Sat Oct 24 04:01:12 +0000 2026",
      "favorited" : false,
      "full_text" : "The winter calendar is on the press.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2111017099588537774"
          ],
          "editableUntil" : "2026-10-16T09:51:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "60"
      ],
      "favorite_count" : "5",
      "id_str" : "2111017099588537774",
      "truncated" : false,
      "retweet_count" : "5",
      "id" : "2111017099588537774",
      "created_at" : "Fri Oct 16 08:51:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Someone asked for the recipe of the grey ink, so here it is.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2108050803913654786"
          ],
          "editableUntil" : "2026-10-08T05:24:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "58"
      ],
      "favorite_count" : "0",
      "id_str" : "2108050803913654786",
      "truncated" : false,
      "retweet_count" : "8",
      "id" : "2108050803913654786",
      "created_at" : "Thu Oct 08 04:24:12 +0000 2026",
      "favorited" : false,
      "full_text" : "How I cut a lino block without bleeding on it (this time).",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2105204297561015811"
          ],
          "editableUntil" : "2026-09-30T08:53:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "60"
      ],
      "favorite_count" : "0",
      "id_str" : "2105204297561015811",
      "truncated" : false,
      "retweet_count" : "8",
      "id" : "2105204297561015811",
      "created_at" : "Wed Sep 30 07:53:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Notes from the paper mill, part two: the felt is the secret.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2102260399469495752"
          ],
          "editableUntil" : "2026-09-22T05:55:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "58"
      ],
      "favorite_count" : "34",
      "id_str" : "2102260399469495752",
      "truncated" : false,
      "retweet_count" : "8",
      "id" : "2102260399469495752",
      "created_at" : "Tue Sep 22 04:55:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Notes from the paper mill, part one: water is the machine.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2099363561468855236"
          ],
          "editableUntil" : "2026-09-14T06:04:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "55"
      ],
      "favorite_count" : "5",
      "id_str" : "2099363561468855236",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2099363561468855236",
      "created_at" : "Mon Sep 14 05:04:12 +0000 2026",
      "favorited" : false,
      "full_text" : "We sold out of the autumn cards. Thank you, all of you.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2096440047694775362"
          ],
          "editableUntil" : "2026-09-06T04:27:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "71"
      ],
      "favorite_count" : "5",
      "id_str" : "2096440047694775362",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2096440047694775362",
      "created_at" : "Sun Sep 06 03:27:12 +0000 2026",
      "favorited" : false,
      "full_text" : "The workshop is open on Saturday. Bring a short text, take home a page.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2093576931898294778"
          ],
          "editableUntil" : "2026-08-29T06:50:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "67"
      ],
      "favorite_count" : "21",
      "id_str" : "2093576931898294778",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2093576931898294778",
      "created_at" : "Sat Aug 29 05:50:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Today's mistake, framed: an upside-down ampersand on the whole run.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2090709286253495286"
          ],
          "editableUntil" : "2026-08-21T08:55:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "74"
      ],
      "favorite_count" : "13",
      "id_str" : "2090709286253495286",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2090709286253495286",
      "created_at" : "Fri Aug 21 07:55:12 +0000 2026",
      "favorited" : false,
      "full_text" : "A short thread on why we still set type by hand, and when we should not. 🧵",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2087812196594616243"
          ],
          "editableUntil" : "2026-08-13T09:03:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "56"
      ],
      "favorite_count" : "13",
      "id_str" : "2087812196594616243",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2087812196594616243",
      "created_at" : "Thu Aug 13 08:03:12 +0000 2026",
      "favorited" : false,
      "full_text" : "New type arrived. It smells of oil and somebody's attic.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2084920391758774579"
          ],
          "editableUntil" : "2026-08-05T09:32:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "84"
      ],
      "favorite_count" : "0",
      "id_str" : "2084920391758774579",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "2084920391758774579",
      "created_at" : "Wed Aug 05 08:32:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Question for people who print at home: how do you keep a small press quiet at night?",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2082007699289017267"
          ],
          "editableUntil" : "2026-07-28T08:38:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "75"
      ],
      "favorite_count" : "0",
      "id_str" : "2082007699289017267",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2082007699289017267",
      "created_at" : "Tue Jul 28 07:38:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Printed the first forty postcards. The blue came out better than the proof.",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2079059019690934667"
          ],
          "editableUntil" : "2026-07-20T05:21:12.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "73"
      ],
      "favorite_count" : "13",
      "id_str" : "2079059019690934667",
      "truncated" : false,
      "retweet_count" : "8",
      "id" : "2079059019690934667",
      "created_at" : "Mon Jul 20 04:21:12 +0000 2026",
      "favorited" : false,
      "full_text" : "The letterpress is back together. It only took four springs and a Sunday.",
      "lang" : "en"
    }
  }
]