window.YTD.follower.part0 = [
  {
    "follower" : {
      "accountId" : "1700000000000001000",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001000"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001001",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001001"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001002",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001002"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001003",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001003"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001004",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001004"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001005",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001005"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001006",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001006"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001007",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001007"
    }
  },
  {
    "follower" : {
      "accountId" : "1700000000000001008",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001008"
    }
  }
]