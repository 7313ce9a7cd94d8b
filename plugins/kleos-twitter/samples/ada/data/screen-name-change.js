window.YTD.screen_name_change.part0 = [
  {
    "screenNameChange" : {
      "accountId" : "1700000000000000101",
      "screenNameChange" : {
        "changedAt" : "2024-05-02T10:11:12.000Z",
        "changedFrom" : "ada_prints_2023",
        "changedTo" : "ada_makes"
      }
    }
  }
]