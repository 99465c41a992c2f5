/// Radar satellites whose interferograms this project composes.
public enum Sensor: String, Sendable, Codable, CaseIterable {
  case terraSARX = "terrasar-x"
  case cosmoSkyMed = "cosmo-skymed"
  case sentinel1 = "sentinel-1"
  case radarsat2 = "radarsat-2"
  case rcm
  case ers
  case envisat
  case alos
  case alos2 = "alos-2"
  case nisarL = "nisar-l"
  case nisarS = "nisar-s"
  case saocom

  /// Wavelength of the carrier in m.
  ///
  /// Source: the values that MintPy uses (Zhang, Fattahi and Amelung, Computers & Geosciences 2019).
  public var wavelengthMeters: Double {
    switch self {
    case .terraSARX: 0.0310666
    case .cosmoSkyMed: 0.0312284
    case .sentinel1, .radarsat2, .rcm: 0.0554658
    case .ers: 0.0565646
    case .envisat: 0.0562357
    case .alos: 0.2360571
    case .alos2: 0.2384035
    case .nisarL: 0.2384984
    case .nisarS: 0.0936851
    case .saocom: 0.2352900
    }
  }

  /// Days after which one satellite of the mission repeats its track.
  public var repeatIntervalDays: Int {
    switch self {
    case .terraSARX: 11
    case .cosmoSkyMed, .saocom: 16
    case .sentinel1, .rcm, .nisarL, .nisarS: 12
    case .radarsat2: 24
    case .ers, .envisat: 35
    case .alos: 46
    case .alos2: 14
    }
  }

  /// The sensor called `name` (lower case, as in `rawValue`).
  /// - Throws: `InSARPhaseError.unknownSensor` with the names there are.
  public init(name: String) throws {
    guard let sensor = Sensor(rawValue: name.lowercased()) else {
      throw InSARPhaseError.unknownSensor(name: name)
    }
    self = sensor
  }
}
