export default function NeedsYouPage() {
  return <h1 className="text-[17px] font-semibold">NeedsYou</h1>;
}
