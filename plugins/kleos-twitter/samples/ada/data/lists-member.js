window.YTD.lists_member.part0 = [
  {
    "userListInfo" : {
      "url" : "https://twitter.com/quinn_tests/lists/makers"
    }
  }
]