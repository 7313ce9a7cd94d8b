window.YTD.community_tweet.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "2119724223034295623"
          ],
          "editableUntil" : "2026-11-09T10:30:12.000Z",
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
        "29"
      ],
      "favorite_count" : "7",
      "id_str" : "2119724223034295623",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "2119724223034295623",
      "created_at" : "Mon Nov 09 09:30:12 +0000 2026",
      "favorited" : false,
      "full_text" : "Posted inside of a community.",
      "lang" : "en"
    }
  }
]