from hypothesis import HealthCheck, settings

# How long an example takes depends on the machine and on what else it does; no test here is about that.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
