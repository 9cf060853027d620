/** Of what clusters, hosts and probes show of a service, what tells how it fares: they show hundreds of metrics of each pod. */
const TELLING = [
  /^kube_pod_(?:init_)?container_status_(?:waiting_reason|last_terminated_reason|terminated_reason|restarts_total)$/,
  /^kube_pod_container_info$|^kube_pod_status_(?:ready|reason|unschedulable)$|^kube_pod_container_resource_limits$/,
  /^kube_(?:deployment|statefulset)_status_(?:replicas_(?:available|ready|unavailable)|condition)$|^kube_daemonset_status_number_unavailable$/,
  /^kube_horizontalpodautoscaler_(?:status_current_replicas|spec_max_replicas)$|^kube_node_status_condition$/,
  /^container_(?:memory_working_set_bytes|spec_memory_limit_bytes|oom_events_total)$/,
  /^container_(?:cpu_usage_seconds_total|cpu_cfs_(?:throttled_)?periods_total|file_descriptors|ulimits_soft)$/,
  /^container_fs_(?:usage_bytes|limit_bytes|inodes_free|inodes_total)$/,
  /^kubelet_volume_stats_(?:available_bytes|capacity_bytes|inodes_free|inodes)$/,
  /^probe_(?:success|duration_seconds|ssl_earliest_cert_expiry)$/,
  /^node_systemd_unit_state$/,
  /^node_(?:cpu_seconds_total|load1|pressure_(?:cpu|io|memory)_\w+_total)$/,
  /^node_(?:memory_MemAvailable_bytes|memory_MemTotal_bytes|vmstat_oom_kill|filefd_allocated|filefd_maximum)$/,
  /^node_filesystem_(?:avail_bytes|size_bytes|files_free|files)$|^node_timex_offset_seconds$/,
  /^node_network_(?:receive|transmit)_(?:errs|drop)_total$|^node_nf_conntrack_entries(?:_limit)?$/,
] as const;
const OF_PLATFORM = /^(?:kube|container|kubelet|probe|node)_/;

/** Whether the platform that the service runs on tells it, rather than its program. */
export function isOfPlatform(metric: string): boolean {
  return OF_PLATFORM.test(metric);
}

/** Its place in the order of their worth; undefined: it is none of those that tell. */
export function worthOfPlatform(metric: string): number | undefined {
  const index = TELLING.findIndex((pattern) => pattern.test(metric));
  return index < 0 ? undefined : index;
}

const MEMBERS_THERE =
  /(?:replicas_(?:available|ready)|membership_healthy|_brokers|number_of_(?:data_)?nodes|active_servers|num_procs)$/;
const MEMBERS_AWAY = /(?:replicas_unavailable|number_unavailable)$/;

/** Whether it counts how many of its kind are there, or away: instances, nodes, brokers, processes. By its plain name. */
export function membersOf(metric: string): 'there' | 'away' | undefined {
  if (MEMBERS_THERE.test(metric)) return 'there';
  return MEMBERS_AWAY.test(metric) ? 'away' : undefined;
}
