export default function SettingsPage() {
  return <h1 className="text-[17px] font-semibold">Settings</h1>;
}
