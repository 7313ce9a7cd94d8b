window.YTD.following.part0 = [
  {
    "following" : {
      "accountId" : "1700000000000001004",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001004"
    }
  },
  {
    "following" : {
      "accountId" : "1700000000000001005",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001005"
    }
  },
  {
    "following" : {
      "accountId" : "1700000000000001006",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001006"
    }
  },
  {
    "following" : {
      "accountId" : "1700000000000001007",
      "userLink" : "https://twitter.com/intent/user?user_id=1700000000000001007"
    }
  }
]