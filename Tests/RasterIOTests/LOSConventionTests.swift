import Foundation
import Rasters
import TestSupport
import Testing

@testable import Datasets
@testable import RasterIO

@Suite struct LOSConventionTests {
  @Test(arguments: [
    ("positive toward the satellite", LOSConvention.towardSatellite),
    ("positive away from the satellite", .awayFromSatellite),
    ("LOS velocity, positive towards the satellite, negative away", .towardSatellite),
    ("LOS velocity; Positive values: motion AWAY from the sensor", .awayFromSatellite),
    ("negative toward the satellite, positive away from it", .awayFromSatellite),
    ("negative values mean range increase", .towardSatellite),
    ("Positive: range increases", .awayFromSatellite), ("subsidence is negative", nil),
    ("mean velocity", nil), ("moves away. Values are positive", nil), ("", nil),
  ])
  func sentencesSayWhichWayPositiveIs(text: String, expected: LOSConvention?) {
    #expect(LOSConvention(sentence: text) == expected)
  }

  @Test func attributesThatSpeakOfTheSignAreFound() {
    func found(_ attributes: [String: String]) -> LOSConvention? {
      LOSStatement(in: attributes)?.convention
    }
    #expect(found(["LOS_CONVENTION": "away"]) == .awayFromSatellite)
    #expect(found(["los_sign": "TOWARDS"]) == .towardSatellite)
    #expect(found(["z#long_name": "LOS rate, positive away from satellite"]) == .awayFromSatellite)
    #expect(found(["NC_GLOBAL#title": "rates (positive = toward satellite)"]) == .towardSatellite)
    // A key of the sign alone wins over a description; a bare word in a description says nothing.
    #expect(
      found(["DESCRIPTION": "positive toward", "LOS_CONVENTION": "away"]) == .awayFromSatellite)
    #expect(found(["DESCRIPTION": "ground moves away from the coast"]) == nil)
    #expect(found(["LOS_CONVENTION": "toward or away"]) == nil)
    #expect(found(["PHASE_SIGN": "positive away from the satellite"]) == nil)
  }
}

@Suite struct RateMapReaderTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  private func npy(_ name: String, _ values: [Float] = [1, 2, .nan, 4]) throws -> String {
    let path = folder.file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try NpyArray(shape: [2, 2], values: values).write(to: path)
    return path
  }

  private func manifest(_ text: String, _ name: String = "manifest.json") throws {
    try write(text, to: folder.file(name))
  }

  @Test func ratesAreInCentimetersTowardTheSatellite() throws {
    let path = try npy("a.npy")
    let options = RasterReadOptions(
      unit: .millimetersPerYear, losConvention: .awayFromSatellite)
    let map = try RateMapReader(options: options).read(path)
    #expect(sameValues(map.raster.values, [-0.1, -0.2, .nan, -0.4], tolerance: 1e-6))
    #expect(map.raster.unit == .centimetersPerYear)
    #expect(map.description.losSource == "given")
  }

  @Test func whatIsNotStatedIsToldOnceForAllFiles() throws {
    let reader = RateMapReader(unitWhereUnstated: .centimetersPerYear)
    for name in ["a.npy", "b.npy", "a.npy"] { _ = try reader.read(try npy(name)) }
    #expect(reader.notes.sentences.count == 1)
    #expect(reader.notes.sentences[0].hasPrefix("a.npy and 1 more: the sign is not stated"))
    #expect(
      message { _ = try RateMapReader().read(try npy("a.npy")) }.contains("it states no unit"))
    #expect(
      message {
        _ = try RateMapReader(unitWhereUnstated: .meters).read(try npy("a.npy"))
      }.contains("displacementAsRate"))
  }

  @Test(arguments: [
    ("generated", #"{"modelSHA256": "0", "unit": "cm/yr"}"#, "sample-00000007", "sample-a"),
    (
      "simulated", #"{"preset": "wu", "unit": "mm/yr", "signConvention": "positive away"}"#,
      "wu_000003", "wu_000003_coherence"
    ),
    (
      "composed",
      #"{"content": "interferogram stack", "truth": [{"name": "rate", "unit": "cm/yr"}]}"#, "rate",
      "dem"
    ),
    (
      "inverted",
      #"{"planes": [{"name": "rate", "unit": "cm/yr"}, {"name": "coherence", "unit": "1"}]}"#,
      "rate", "coherence"
    ),
  ])
  func theManifestBesideAnArrayStatesItsUnitAndSign(
    kind: String, text: String, own: String, other: String
  ) throws {
    try manifest(text)
    let scene = try RasterReader.read(try npy("\(own).npy"))
    #expect(scene.raster.unit == (kind == "simulated" ? .millimetersPerYear : .centimetersPerYear))
    #expect(
      scene.description.losConvention
        == (kind == "simulated" ? .awayFromSatellite : .towardSatellite))
    #expect(scene.description.unitSource == "the manifest beside it")
    // It says nothing of files that it does not know, and no sign of values that have none.
    let stranger = try RasterReader.read(try npy("\(other).npy"))
    #expect(stranger.raster.unit == (kind == "inverted" ? .one : nil))
    #expect(stranger.description.losConvention == nil)
  }

  @Test func scenesOfADatasetAreWhatItsManifestSays() throws {
    let scene = try npy("scenes/rate.npy")
    let file = #"{"unit": "cm/yr", "scenes": [{"file": "scenes/rate.npy"}], "#
    try manifest(file + #""signConvention": "positive toward the satellite"}"#, "dataset.json")
    #expect(try RasterReader.read(scene).description.losConvention == .towardSatellite)
    #expect(try RateMapReader().read(scene).raster.values[3] == 4)
    #expect(try RateMapFolder(folder.file("scenes")).files == ["rate.npy"])
    // An earlier version did not look at the sign.
    try manifest(file + #""a": 1}"#, "dataset.json")
    #expect(try RasterReader.read(scene).description.losConvention == nil)
  }

  @Test func anOptionAgainstTheFileIsAnError() throws {
    try manifest(#"{"unit": "cm/yr", "signConvention": "positive away from the satellite"}"#)
    let path = try npy("a.npy")
    let toward = RasterReadOptions(losConvention: .towardSatellite)
    let text = message { _ = try RasterReader.read(path, options: toward) }
    #expect(text.contains("'losSign' says toward") && text.contains("a.npy"), "\(text)")
    #expect(text.contains("the manifest beside it"))
    let away = RasterReadOptions(losConvention: .awayFromSatellite)
    let reader = RateMapReader(options: away)
    #expect(try reader.read(path).raster.values[0] == -1)
    #expect(reader.notes.sentences.count == 1)
    #expect(reader.notes.sentences[0].contains("a.npy (the manifest beside it)"))
  }

  /// Flat files of LiCSBAS say nothing themselves; some people publish them the other way round.
  @Test func anOptionWinsOverAConventionAndIsTold() throws {
    try write(floatBytes([1, 2, 3, 4, 5, 6]), to: folder.file("vel"))
    try write("width: 3\nnlines: 2\n", to: folder.file("EQA.dem_par"))
    let plain = try RasterReader.read(folder.file("vel"))
    #expect(plain.description.losConvention == .towardSatellite)
    #expect(plain.description.losSource == "LiCSBAS's convention for 'vel'")
    let reader = RateMapReader(options: RasterReadOptions(losConvention: .awayFromSatellite))
    let map = try reader.read(folder.file("vel"))
    #expect(abs(map.raster.values[5] + 0.6) < 1e-6)
    #expect(reader.notes.sentences.contains { $0.contains("gives way to 'losSign'") })
  }

  @Test func aHeaderOfROIPACMayStateBoth() throws {
    try write(floatBytes([1, 2, 3, 4, 5, 6]), to: folder.file("los.vel"))
    try write(
      "WIDTH 3\nFILE_LENGTH 2\nUNIT mm/yr\nLOS_SIGN away\n", to: folder.file("los.vel.rsc"))
    let map = try RateMapReader().read(folder.file("los.vel"))
    #expect(abs(map.raster.values[5] + 0.6) < 1e-6)
    #expect(map.description.losSource == "LOS_SIGN 'away'")
  }

  @Test func aMapSavedTwiceIsReadFromTheFormatThatSaysMost() throws {
    for name in [
      "b.npy", "a.npy", "c.NPY", ".hidden.npy", "d.npy.part-1.npy", "wu_000001.npy",
      "wu_000001_phase.npy",
    ] {
      _ = try npy(name)
    }
    for name in ["a.tif", "b.tiff", "b.h5", "e.png", "e.json"] {
      try write("x", to: folder.file(name))
    }
    try manifest(#"{"preset": "wu", "unit": "cm/yr", "isComplete": false}"#)
    let found = try RateMapFolder(folder.path)
    let rich = RasterFormat.tif.isAvailable
    #expect(
      found.files == [
        rich ? "a.tif" : "a.npy", rich ? "b.tiff" : "b.npy", "c.NPY", "wu_000001.npy",
      ])
    #expect(found.paths[2] == "\(folder.path)/c.NPY")
    #expect(found.notes.count == 1 && found.notes[0].contains("not complete"))
  }
}

#if GDAL
  @Suite struct LOSConventionOfFilesTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [LOSConvention.towardSatellite, .awayFromSatellite])
    func geoTIFFsSayItInATag(convention: LOSConvention) throws {
      let path = folder.file("a.tif")
      let raster = sampleRaster()
      try RasterWriter.write(
        raster, to: path, format: .tif, options: .init(losConvention: convention))
      let scene = try RasterReader.read(path)
      #expect(scene.description.losConvention == convention)
      #expect(scene.description.losSource == "LOS_CONVENTION '\(convention.rawValue)'")
      #expect(sameValues(scene.raster.values, raster.values))
      let map = try RateMapReader().read(path)
      let factor = Float(convention.factorTowardSatellite)
      #expect(sameValues(map.raster.values, raster.values.map { $0 * factor }))
    }

    /// MintPy's own files follow its convention; a tag of ours in them wins.
    @Test func aTagInAMintPyFileWinsOverItsConvention() throws {
      let path = folder.file("velocity.h5")
      try RasterWriter.write(sampleRaster(), to: path, format: .h5)
      #expect(try RasterReader.read(path).description.isLOSStated)
      var description = try RasterReader.read(path).description
      description.losConvention = nil
      #expect(description.factorTowardSatellite == 1)
    }
  }
#endif
