import Testing

@testable import Kernel

@Suite struct SuggestionTests {
  @Test(
    arguments: [
      ("tiff", "tif"), ("pgn", nil), ("np", "npy"), ("INVERSE_VARIANC", "inverse-variance"),
      ("inversevariance", "inverse-variance"), ("unifrom", "uniform"), ("zarr", nil), ("", nil),
    ] as [(String, String?)])
  func theNearestWordUnlessNoneIsNear(word: String, expected: String?) {
    let known = ["tif", "npy", "h5", "inverse-variance", "uniform"]
    #expect(Suggestion.nearest(to: word, among: known) == expected)
  }
}
