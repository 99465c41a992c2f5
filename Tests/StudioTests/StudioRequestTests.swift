import GANSampling
import InSARPhase
import Kernel
import Testing

@testable import Studio

/// What the studio makes of a request's parameters.
@Suite struct StudioRequestTests {
  private func map(_ query: String) throws -> MapRequest {
    try MapRequest(QueryParameters(query, known: MapRequest.names))
  }

  private func phase(_ query: String) throws -> PhaseRequest {
    try PhaseRequest(QueryParameters(query, known: PhaseRequest.names))
  }

  @Test func nothingAskedGivesTheFirstMap() throws {
    #expect(try map("") == MapRequest())
    #expect(
      try map("").arguments(model: nil).joined(separator: " ")
        == "generate -o map --count 1 --seed 0")
  }

  @Test func everyControlStandsInTheCommand() throws {
    let request = try map(
      "seed=18446744073709551615&map=3&size=96&spread=2..5.5&mean=-4..-1&quietFraction=0.2..1"
        + "&style=coso_d071:2,etna&truncation=0.5&maxRate=80&interpolate=7&steps=5&step=4")
    #expect(request.index == 19 && request.fileName == "map/sample-00000019.npy")
    #expect(
      request.arguments(model: "a b.safetensors", device: "cpu") == [
        "generate", "a b.safetensors", "-o", "map", "--count", "1", "--seed",
        "18446744073709551615", "--first", "19", "--size", "96", "--spread", "2..5.5", "--mean",
        "-4..-1", "--quiet-fraction", "0.2..1", "--style", "coso_d071:2,etna", "--truncation",
        "0.5", "--max-rate", "80", "--interpolate", "7", "--steps", "5", "--device", "cpu",
      ])
  }

  @Test(arguments: [
    ("seed=-1", "seed", "0 to 18446744073709551615"), ("seed=1e3", "seed", "whole number"),
    ("seed=18446744073709551616", "seed", "whole number"), ("map=100000", "map", "0 to 99999"),
    ("map=99999999999999999999999", "map", "whole number"), ("size=0", "size", "16 to 512"),
    ("size=513", "size", "16 to 512"), ("size=64x64", "size", "16 to 512"),
    ("size=-9223372036854775808", "size", "16 to 512"), ("spread=5..2", "spread", "LOW..HIGH"),
    ("spread=nan..nan", "spread", "LOW..HIGH"), ("spread=-1..5", "spread", "0..10000"),
    ("mean=1e300..1e301", "mean", "-10000..10000"), ("mean=0..inf", "mean", "LOW..HIGH"),
    ("quietFraction=0..2", "quietFraction", "0.3..0.6"), ("style=,", "style", "SCENE:WEIGHT"),
    ("style=a:-1", "style", "positive weight"), ("style=a,a", "style", "name 'a' once"),
    ("style=a:1:2", "style", "SCENE:WEIGHT"), ("truncation=0", "truncation", "0.01 to 1"),
    ("truncation=nan", "truncation", "0.01 to 1"), ("maxRate=-5", "maxRate", "0.01 to 1000000"),
    ("interpolate=x", "interpolate", "whole number"), ("step=1", "step", "give interpolate"),
    ("steps=4", "steps", "give interpolate"), ("interpolate=1&steps=1", "steps", "2 to 100"),
    ("interpolate=1&steps=5&step=5", "step", "0 to 4"), ("sead=1", "sead", "did you mean seed?"),
    ("seed=1&seed=2", "seed", "give it once"), ("seed=%ZZ", "seed", "percent"),
    ("=5", "", "unknown"), ("seed=%00", "seed", "whole number"),
  ])
  func badParametersAreNamed(query: String, name: String, remedy: String) throws {
    let error = #expect(throws: StudioError.self) { try map(query) }
    guard case .parameter(let found, _, let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == name && text.contains(remedy), "\(found): \(text)")
  }

  @Test func aLongQueryIsRefused() throws {
    let error = #expect(throws: StudioError.self) {
      try map("style=" + String(repeating: "a", count: 5000))
    }
    #expect(error?.description.contains("at most 4096") == true)
    #expect((error?.description.count ?? 0) < 300)
  }

  @Test func anInterferogramIsSettingsOfCompose() throws {
    let request = try phase(
      "sensor=alos-2&repeats=3&baseline=-80.5&pixel=90&atmosphere=5&noise=0&ramp=1&heightError=1"
        + "&p995=1.2&phaseSeed=4")
    let configuration = try request.configuration()
    #expect(configuration.sensor == .alos2 && configuration.seed == 4)
    #expect(
      configuration.model.components == [
        .deformation, .topographicError, .turbulence, .orbitalRamp,
      ])
    #expect(configuration.model.turbulence.rmsDifferenceMeters == 0.005)
    #expect(configuration.geometry.pixelSizeMeters == 90)
    #expect(configuration.rates.p995CMPerYear == 1.2)
    let network = try configuration.interferogramNetwork()
    #expect(network.pairs.count == 1 && network.days(network.pairs[0]) == 42)
    #expect(network.perpendicularBaselineMeters(network.pairs[0]) == -80.5)
  }

  @Test func everySensorHasAnInterferogram() throws {
    for sensor in Sensor.allCases {
      let configuration = try phase("sensor=\(sensor.rawValue)&repeats=60").configuration()
      #expect(try configuration.interferogramNetwork().pairs.count == 1)
    }
  }

  @Test(arguments: [
    ("sensor=sputnik", "sensor"), ("repeats=0", "repeats"), ("repeats=61", "repeats"),
    ("baseline=inf", "baseline"), ("pixel=0", "pixel"), ("pixel=1e9", "pixel"),
    ("atmosphere=-1", "atmosphere"), ("noise=2", "noise"), ("p995=0", "p995"),
    ("phaseSeed=1.5", "phaseSeed"), ("ramp=true", "ramp"),
  ])
  func badSettingsAreNamed(query: String, name: String) throws {
    let error = #expect(throws: StudioError.self) { try phase(query) }
    guard case .parameter(let found, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == name)
  }

  /// A shell reads each word as it was.
  @Test func commandsAreQuoted() {
    #expect(
      ShellCommand.text(["generate", "my runs/it's", "-o", "map"])
        == #"ganinsar generate 'my runs/it'\''s' -o map"#)
    #expect(
      ShellCommand.text(["--set", "a=[0,1]", "$(rm x)", ""])
        == "ganinsar --set 'a=[0,1]' '$(rm x)' ''")
  }
}
