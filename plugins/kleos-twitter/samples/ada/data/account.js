window.YTD.account.part0 = [
  {
    "account" : {
      "email" : "ada@example.invalid",
      "createdVia" : "web",
      "username" : "ada_makes",
      "accountId" : "1700000000000000101",
      "createdAt" : "2023-09-07T08:00:00.000Z",
      "accountDisplayName" : "Ada Quill"
    }
  }
]