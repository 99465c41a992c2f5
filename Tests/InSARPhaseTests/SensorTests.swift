import InSARPhase
import Testing

@Suite struct SensorTests {
  @Test func bandsLieWhereTheyBelong() {
    for sensor in Sensor.allCases {
      let gigahertz = 0.299_792_458 / sensor.wavelengthMeters
      let band: ClosedRange<Double> =
        switch sensor {
        case .terraSARX, .cosmoSkyMed: 9.5...9.8
        case .sentinel1, .radarsat2, .rcm, .ers, .envisat: 5.2...5.5
        case .nisarS: 3.1...3.3
        case .alos, .alos2, .nisarL, .saocom: 1.2...1.3
        }
      #expect(band.contains(gigahertz), "\(sensor) at \(gigahertz) GHz")
      #expect(sensor.repeatIntervalDays > 0)
    }
  }

  @Test func namesAreReadInAnyCase() throws {
    #expect(try Sensor(name: "Sentinel-1") == .sentinel1)
    #expect(try Sensor(name: "ALOS-2") == .alos2)
  }

  @Test func anUnknownNameListsTheKnownOnes() {
    #expect(throws: InSARPhaseError.unknownSensor(name: "landsat")) {
      try Sensor(name: "landsat")
    }
    #expect("\(InSARPhaseError.unknownSensor(name: "landsat"))".contains("terrasar-x"))
  }
}
