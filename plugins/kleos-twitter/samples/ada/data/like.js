window.YTD.like.part0 = [
  {
    "like" : {
      "tweetId" : "2120086610899895239",
      "fullText" : "A post that Ada liked: given, not received.",
      "expandedUrl" : "https://twitter.com/i/web/status/1"
    }
  },
  {
    "like" : {
      "tweetId" : "2118637059437497697",
      "fullText" : "A post that Ada liked: given, not received.",
      "expandedUrl" : "https://twitter.com/i/web/status/1"
    }
  }
]